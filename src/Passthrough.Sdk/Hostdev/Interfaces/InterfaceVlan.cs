using System.Diagnostics.CodeAnalysis;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Hostdev.Xml;

namespace Passthrough.Sdk.Hostdev;

/// <summary>VLAN tags: <c>&lt;vlan&gt;&lt;tag id='42'/&gt;&lt;/vlan&gt;</c>.</summary>
/// <remarks>Thread safety: immutable.</remarks>
public sealed record InterfaceVlan
{
    /// <summary>Creates a VLAN of one tag, the only kind a virtual function can have.</summary>
    /// <param name="tag">The tag, 0 to 4095.</param>
    /// <exception cref="LibvirtXmlException">The value is larger.</exception>
    [SetsRequiredMembers]
    public InterfaceVlan(ushort tag) => Tags = [new VlanTag(tag)];

    /// <summary>Creates a VLAN; set <see cref="Tags"/>.</summary>
    public InterfaceVlan()
    {
    }

    [SetsRequiredMembers]
    internal InterfaceVlan(XmlElementView element)
    {
        Trunk = element.YesNo("trunk");
        var tags = new List<VlanTag>();
        foreach (var child in element.Children)
        {
            if (child.Name is "tag")
            {
                tags.Add(new(child));
            }
        }

        Tags = [.. tags];
        Unknown = UnknownXml.Of(element, ["trunk"], ["tag"]);
    }

    /// <summary>Gets whether the interface is a trunk for several VLANs; null for the default, which is true with several tags.</summary>
    public bool? Trunk { get; init; }

    /// <summary>Gets the tags, at least one.</summary>
    /// <exception cref="LibvirtXmlException">There are no tags.</exception>
    public required ValueList<VlanTag> Tags
    {
        get;
        init => field = value.Count > 0 ? value : throw new LibvirtXmlException("vlan", "the element <tag> is missing");
    }

    internal UnknownXml? Unknown { get; init; }

    internal void Write(ref XmlOut xml)
    {
        xml.Start("vlan", Unknown);
        xml.YesNo("trunk", Trunk);
        foreach (var tag in Tags)
        {
            tag.Write(ref xml);
        }

        xml.End();
    }
}
