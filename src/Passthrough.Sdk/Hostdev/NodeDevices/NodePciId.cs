using Passthrough.Sdk.Hostdev.Xml;

namespace Passthrough.Sdk.Hostdev.NodeDevices;

/// <summary>A vendor or product of a PCI function: <c>&lt;vendor id='0x8086'&gt;Intel Corporation&lt;/vendor&gt;</c>.</summary>
/// <remarks>Thread safety: immutable.</remarks>
public sealed record NodePciId
{
    /// <summary>Creates an empty id.</summary>
    public NodePciId()
    {
    }

    internal NodePciId(XmlElementView element)
    {
        Id = (ushort?)element.Number("id", 0xffff);
        Name = element.Value is { Length: > 0 } name ? name : null;
        Unknown = UnknownXml.Of(element, ["id"], []);
    }

    /// <summary>Gets the number; null if libvirt does not report it.</summary>
    public ushort? Id { get; init; }

    /// <summary>Gets the name in the host's id database; null if there is none.</summary>
    public string? Name { get; init; }

    internal UnknownXml? Unknown { get; init; }

    internal void Write(ref XmlOut xml, string element)
    {
        xml.Start(element, Unknown);
        xml.Hex("id", Id, 4);
        xml.Text(Name);
        xml.End();
    }
}
