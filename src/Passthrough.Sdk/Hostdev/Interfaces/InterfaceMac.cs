using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Passthrough.Sdk.Hostdev.Xml;

namespace Passthrough.Sdk.Hostdev;

/// <summary>The MAC address of an interface: <c>&lt;mac address='52:54:00:6d:90:02'/&gt;</c>.</summary>
/// <remarks>Addresses are compared case-insensitively. Thread safety: immutable.</remarks>
public sealed record InterfaceMac
{
    /// <summary>Creates an address.</summary>
    /// <param name="address">Six numbers separated by colons.</param>
    /// <exception cref="LibvirtXmlException">The value does not have this form, or is a multicast address.</exception>
    [SetsRequiredMembers]
    public InterfaceMac(string address) => Address = address;

    [SetsRequiredMembers]
    internal InterfaceMac(XmlElementView element)
    {
        Address = element.RequiredAttribute("address");
        Unknown = UnknownXml.Of(element, ["address"], []);
    }

    /// <summary>Gets the address, in lower case.</summary>
    /// <exception cref="LibvirtXmlException">The value is not six numbers separated by colons, or is a multicast address.</exception>
    public required string Address { get; init => field = Normal(value); }

    internal UnknownXml? Unknown { get; init; }

    internal void Write(ref XmlOut xml)
    {
        xml.Start("mac", Unknown);
        xml.Attribute("address", Address);
        xml.End();
    }

    private static string Normal(string address)
    {
        var parts = address?.Split(':') ?? [];
        var bytes = new byte[6];
        for (var i = 0; i < parts.Length && parts.Length == 6; i++)
        {
            if (parts[i].Length > 2 || !byte.TryParse(parts[i], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out bytes[i]))
            {
                parts = [];
            }
        }

        return parts.Length != 6 ? throw new LibvirtXmlException("interface/mac", $"'address' is '{address}' and must be written like 52:54:00:6d:90:02")
            : (bytes[0] & 1) != 0 ? throw new LibvirtXmlException("interface/mac", $"'address' is {address}, a multicast address; the lowest bit of the first byte must be 0")
            : string.Join(':', bytes.Select(b => b.ToString("x2", CultureInfo.InvariantCulture)));
    }
}
