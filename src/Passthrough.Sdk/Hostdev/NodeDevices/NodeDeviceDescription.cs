using System.Diagnostics.CodeAnalysis;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Hostdev.Xml;

namespace Passthrough.Sdk.Hostdev.NodeDevices;

/// <summary>What libvirt says of a device of the host: the <c>&lt;device&gt;</c> of <c>virNodeDeviceGetXMLDesc</c> (<c>virsh nodedev-dumpxml</c>).</summary>
/// <remarks>
/// Also what <c>virNodeDeviceCreateXML</c> makes a mediated device of (<c>virsh nodedev-create</c>). What this library does
/// not know is kept. Thread safety: immutable.
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

    /// <summary>libvirt's name, <c>pci_0000_01_00_0</c>; null in what a device is to be created from.</summary>
    public string? Name { get; init; }

    /// <summary>The device's folder in sysfs; null when libvirt does not say.</summary>
    public string? Path { get; init; }

    /// <summary>Its files in /dev, with their links.</summary>
    public ValueList<NodeDeviceFile> Files { get; init; } = [];

    /// <summary>libvirt's name of the device it hangs on; null for the computer itself.</summary>
    public string? Parent { get; init; }

    /// <summary>The kernel's driver that holds it; null for none.</summary>
    public string? Driver { get; init; }

    /// <summary>What it is; a device can be several things at once.</summary>
    public ValueList<NodeCapability> Capabilities { get; init; } = [];

    /// <summary>The PCI function it is; null when it is none.</summary>
    public NodePciCapability? Pci => Capabilities.OfType<NodePciCapability>().FirstOrDefault();

    /// <summary>The mediated device it is; null when it is none.</summary>
    public NodeMediatedCapability? Mediated => Capabilities.OfType<NodeMediatedCapability>().FirstOrDefault();

    /// <summary>What stands in the element that this library does not know; null for nothing.</summary>
    public UnknownXml? Unknown { get; init; }

    internal UnknownXml? UnknownInParent { get; init; }

    internal UnknownXml? UnknownInDriver { get; init; }

    /// <summary>Reads a <c>&lt;device&gt;</c> element.</summary>
    /// <param name="xml">The element.</param>
    /// <exception cref="LibvirtXmlException">It is not well-formed, no node device, or one that libvirt would refuse.</exception>
    public static NodeDeviceDescription Parse(string xml)
    {
        var root = XmlTree.Parse(xml).Root;
        return root.Name is "device" ? Read(root) : throw root.Error("is not a node device; <device> is expected");
    }

    internal static NodeDeviceDescription Read(XmlElementView element) => new(element);

    /// <summary>The element as libvirt writes it, in libvirt's order (<c>virNodeDeviceDefFormat</c>).</summary>
    public string ToXml()
    {
        var xml = new XmlOut("\n");
        try
        {
            Write(ref xml);
            return xml.ToString();
        }
        finally
        {
            xml.Dispose();
        }
    }

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
