using Passthrough.Sdk.Hostdev.Xml;

namespace Passthrough.Sdk.Hostdev.NodeDevices;

/// <summary>A capability of a node device: <c>&lt;capability type='pci'&gt;</c>.</summary>
/// <remarks>Thread safety: immutable.</remarks>
public abstract record NodeCapability
{
    private protected NodeCapability()
    {
    }

    /// <summary>Gets libvirt's name for it: <c>pci</c>, <c>mdev</c>, <c>net</c>, <c>usb_device</c>, ...</summary>
    public abstract string Type { get; }

    /// <summary>Gets the attributes and child elements that this library does not know; null for none.</summary>
    public UnknownXml? Unknown { get; init; }

    internal static NodeCapability Read(XmlElementView element) => element.RequiredAttribute("type") switch
    {
        "pci" => new NodePciCapability(element),
        "mdev" => new NodeMediatedCapability(element),
        var type => new NodeOtherCapability(element, type),
    };

    internal void Write(ref XmlOut xml)
    {
        xml.Start("capability", Unknown);
        xml.Attribute("type", Type);
        WriteParts(ref xml);
        xml.End();
    }

    private protected abstract void WriteParts(ref XmlOut xml);
}
