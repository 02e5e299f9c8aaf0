using System.Diagnostics.CodeAnalysis;
using Passthrough.Sdk.Hostdev.Xml;
using Passthrough.Sdk.Pci;

namespace Passthrough.Sdk.Hostdev.Networks;

/// <summary>A virtual function in a network's pool: <c>&lt;address type='pci' ... connections='1'/&gt;</c>.</summary>
/// <remarks>Thread safety: immutable.</remarks>
public sealed record PoolFunction
{
    /// <summary>Creates a function.</summary>
    /// <param name="address">The address on the host.</param>
    [SetsRequiredMembers]
    public PoolFunction(PciAddress address) => Address = address;

    [SetsRequiredMembers]
    internal PoolFunction(XmlElementView element)
    {
        var type = element.RequiredAttribute("type");
        Address = type == "pci" ? PciXml.Read(element) : throw element.Error($"'type' is '{type}' and must be 'pci'");
        Connections = element.Decimal("connections");
        Unknown = UnknownXml.Of(element, PciXml.PoolAttributes, []);
    }

    /// <summary>Gets its address on the host.</summary>
    public required PciAddress Address { get; init; }

    /// <summary>Gets the number of domains that have it, 0 or 1, in the XML of an active network; otherwise null.</summary>
    public uint? Connections { get; init; }

    internal UnknownXml? Unknown { get; init; }

    internal void Write(ref XmlOut xml)
    {
        xml.Start("address", Unknown);
        xml.Attribute("type", "pci");
        PciXml.WriteParts(ref xml, Address);
        xml.Number("connections", Connections);
        xml.End();
    }
}
