
using Passthrough.Sdk.Hostdev.Xml;

namespace Passthrough.Sdk.Hostdev.NodeDevices;

/// <summary>One thing that a node device is: <c>&lt;capability type='pci'&gt;</c>.</summary>
/// <remarks>Thread safety: immutable.</remarks>
public abstract record NodeCapability
{
    private protected NodeCapability()
    {
    }

    /// <summary>libvirt's word for it: <c>pci</c>, <c>mdev</c>, <c>net</c>, <c>usb_device</c>, ...</summary>
    public abstract string Type { get; }

    /// <summary>What stands in the element that this library does not know; null for nothing.</summary>
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
