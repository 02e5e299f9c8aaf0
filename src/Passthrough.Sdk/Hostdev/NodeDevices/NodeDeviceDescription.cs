using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Hostdev.Xml;

namespace Passthrough.Sdk.Hostdev.NodeDevices;

/// <summary>libvirt's description of a device of the host: the <c>&lt;device&gt;</c> of <c>virNodeDeviceGetXMLDesc</c> (<c>virsh nodedev-dumpxml</c>).</summary>
/// <remarks>
/// It is also the input of <c>virNodeDeviceCreateXML</c> for a mediated device (<c>virsh nodedev-create</c>). Parts that this library does
/// not know are kept. Thread safety: immutable.
/// </remarks>
public sealed record NodeDeviceDescription
{
    private static readonly string[] KnownChildren = ["name", "path", "devnode", "parent", "driver", "capability"];

    /// <summary>Creates a description.</summary>
    public NodeDeviceDescription()
    {
    }

    private NodeDeviceDescription(XmlElementView element)
    {
        Name = element.Text("name");
        Path = element.Text("path");
        Parent = element.Text("parent");
        UnknownInParent = element.Single("parent") is { } parent ? UnknownXml.Of(parent, [], []) : null;
        if (element.Single("driver") is { } driver)
        {
            Driver = driver.Text("name");
            UnknownInDriver = UnknownXml.Of(driver, [], ["name"]);
        }

        var nodes = new List<NodeDeviceFile>();
        var capabilities = new List<NodeCapability>();
        foreach (var child in element.Children)
        {
            if (child.Name is "devnode")
            {
                nodes.Add(new(child));
            }
            else if (child.Name is "capability")
            {
                capabilities.Add(NodeCapability.Read(child));
            }
        }

        Files = [.. nodes];
        Capabilities = [.. capabilities];
        Unknown = UnknownXml.Of(element, [], KnownChildren);
    }

    /// <summary>Gets libvirt's name, <c>pci_0000_01_00_0</c>; null in the description of a device to create.</summary>
    public string? Name { get; init; }

    /// <summary>Gets the device's folder in sysfs; null if libvirt does not report it.</summary>
    public string? Path { get; init; }

    /// <summary>Gets its files in /dev, with their links.</summary>
    public ValueList<NodeDeviceFile> Files { get; init; } = [];

    /// <summary>Gets libvirt's name of the parent device; null for the computer itself.</summary>
    public string? Parent { get; init; }

    /// <summary>Gets the kernel driver that is bound to it; null for none.</summary>
    public string? Driver { get; init; }

    /// <summary>Gets its capabilities; a device can have several.</summary>
    public ValueList<NodeCapability> Capabilities { get; init; } = [];

    /// <summary>Gets its PCI capability; null if it is not a PCI function.</summary>
    public NodePciCapability? Pci => Capabilities.OfType<NodePciCapability>().FirstOrDefault();

    /// <summary>Gets its mediated device capability; null if it is not a mediated device.</summary>
    public NodeMediatedCapability? Mediated => Capabilities.OfType<NodeMediatedCapability>().FirstOrDefault();

    /// <summary>Gets the attributes and child elements that this library does not know; null for none.</summary>
    public UnknownXml? Unknown { get; init; }

    internal UnknownXml? UnknownInParent { get; init; }

    internal UnknownXml? UnknownInDriver { get; init; }

    /// <summary>Reads a <c>&lt;device&gt;</c> element.</summary>
    /// <param name="xml">The element.</param>
    /// <exception cref="LibvirtXmlException">The text is not well-formed, is not a node device, or libvirt would refuse it.</exception>
    public static NodeDeviceDescription Parse(string xml)
    {
        var root = XmlTree.Parse(xml).Root;
        return root.Name is "device" ? Read(root) : throw root.Error("is not a node device; <device> is expected");
    }

    internal static NodeDeviceDescription Read(XmlElementView element) => new(element);

    /// <summary>Returns the element as libvirt writes it, in libvirt's order (<c>virNodeDeviceDefFormat</c>).</summary>
    public string ToXml() => XmlOut.Write("\n", this, static (device, ref xml) => device.Write(ref xml));

    private void Write(ref XmlOut xml)
    {
        xml.Start("device", Unknown);
        xml.Element("name", Name);
        xml.Element("path", Path);
        foreach (var node in Files)
        {
            node.Write(ref xml);
        }

        xml.Element("parent", Parent, UnknownInParent);
        if (Driver is not null || UnknownInDriver is not null)
        {
            xml.Start("driver", UnknownInDriver);
            xml.Element("name", Driver);
            xml.End();
        }

        foreach (var capability in Capabilities)
        {
            capability.Write(ref xml);
        }

        xml.End();
    }
}
