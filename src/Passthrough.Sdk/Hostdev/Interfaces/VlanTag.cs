using System.Diagnostics.CodeAnalysis;
using Passthrough.Sdk.Hostdev.Xml;

namespace Passthrough.Sdk.Hostdev;

/// <summary>One VLAN tag: <c>&lt;tag id='42'/&gt;</c>.</summary>
/// <remarks>Thread safety: immutable.</remarks>
public sealed record VlanTag
{
    private static readonly string[] KnownAttributes = ["id", "nativeMode"];

    /// <summary>Creates a tag.</summary>
    /// <param name="id">The VLAN, 0 to 4095.</param>
    /// <exception cref="LibvirtXmlException">The value is larger.</exception>
    [SetsRequiredMembers]
    public VlanTag(ushort id) => Id = id;

    [SetsRequiredMembers]
    internal VlanTag(XmlElementView element)
    {
        element.Require("id");
        Id = (ushort)element.Decimal("id", 4095)!;
        NativeMode = element.Attribute("nativeMode");
        Unknown = UnknownXml.Of(element, KnownAttributes, []);
    }

    /// <summary>Gets the VLAN, 0 to 4095.</summary>
    /// <exception cref="LibvirtXmlException">The value is larger.</exception>
    public required ushort Id
    {
        get;
        init => field = value <= 4095 ? value : throw new LibvirtXmlException("vlan/tag", $"'id' is {value} and must be at most 4095");
    }

    /// <summary>Gets the native VLAN mode, <c>tagged</c> or <c>untagged</c>, for the native VLAN of a trunk; null otherwise.</summary>
    public string? NativeMode { get; init; }

    internal UnknownXml? Unknown { get; init; }

    internal void Write(ref XmlOut xml)
    {
        xml.Start("tag", Unknown);
        xml.Number("id", Id);
        xml.Attribute("nativeMode", NativeMode);
        xml.End();
    }
}
