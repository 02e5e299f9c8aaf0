using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Passthrough.Sdk.Hostdev.Xml;

namespace Passthrough.Sdk.Hostdev;

/// <summary>A device's position in the guest's boot order: <c>&lt;boot order='1'/&gt;</c>; cannot be combined with <c>&lt;os&gt;&lt;boot&gt;</c> in the same domain.</summary>
/// <remarks>Thread safety: immutable.</remarks>
public sealed record DeviceBoot
{
    private static readonly string[] KnownAttributes = ["order", "loadparm"];

    /// <summary>Creates an entry; set <see cref="Order"/>.</summary>
    public DeviceBoot()
    {
    }

    [SetsRequiredMembers]
    private DeviceBoot(XmlElementView element)
    {
        element.Require("order");
        Order = element.Decimal("order") ?? 0;
        LoadParm = element.Attribute("loadparm");
        Unknown = UnknownXml.Of(element, KnownAttributes, []);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    internal static DeviceBoot Read(XmlElementView element) => new(element);

    /// <summary>Gets the position, from 1; the guest tries lower positions first.</summary>
    /// <exception cref="LibvirtXmlException">The value is 0.</exception>
    public required uint Order
    {
        get;
        init => field = value > 0 ? value : throw new LibvirtXmlException("boot", "'order' is 0 and must be 1 or more");
    }

    /// <summary>Gets the load parameter for a boot loader on s390x, 1 to 8 letters, digits, points and spaces; null for none. Letters are converted to upper case, as in libvirt.</summary>
    /// <exception cref="LibvirtXmlException">The value is empty, has more than 8 characters, or contains other characters.</exception>
    public string? LoadParm
    {
        get;
        init => field = value is null ? null
            : value is { Length: > 0 and <= 8 } && value.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or ' ')
            ? value.ToUpperInvariant()
            : throw new LibvirtXmlException("boot", $"'loadparm' is '{value}' and must have 1 to 8 letters, digits, points and spaces");
    }

    internal UnknownXml? Unknown { get; init; }

    internal void Write(ref XmlOut xml)
    {
        xml.Start("boot", Unknown);
        xml.Number("order", Order);
        xml.Attribute("loadparm", LoadParm);
        xml.End();
    }
}
