using Passthrough.Sdk.Hostdev.Xml;

namespace Passthrough.Sdk.Hostdev;

/// <summary>
/// A domain's XML that can be edited in place: what is not edited stays as it was, to the character.
/// </summary>
/// <remarks>
/// For the XML of <c>virDomainGetXMLDesc</c> (<c>virsh dumpxml</c>) and for a definition file. Each edit gives a new
/// document. Thread safety: immutable.
/// </remarks>
public sealed class DomainDocument
{
    /// <summary>The devices that libvirt writes behind the host devices (<c>virDomainDefFormatInternal</c>).</summary>
    private static readonly string[] Later =
    [
        "redirdev", "redirfilter", "hub", "watchdog", "memballoon", "rng", "nvram", "panic", "shmem", "memory", "crypto",
        "iommu", "vsock", "pstore",
    ];

    private readonly XmlTree _tree;

    private DomainDocument(XmlTree tree)
    {
        _tree = tree;
        var devices = new List<HostDevice>();
        foreach (var element in Elements("hostdev"))
        {
            devices.Add(HostDevice.Read(element));
        }

        HostDevices = new([.. devices]);
    }

    /// <summary>The host devices, in the document's order.</summary>
    public ValueList<HostDevice> HostDevices { get; }

    /// <summary>Reads a document whose root is <c>&lt;domain&gt;</c>.</summary>
    /// <param name="xml">The document.</param>
    /// <exception cref="LibvirtXmlException">It is not well-formed, is no domain, or has a host device that libvirt would refuse.</exception>
    public static DomainDocument Parse(string xml)
    {
        var tree = XmlTree.Parse(xml);
        return tree.Root.Name is "domain"
            ? new(tree)
            : throw tree.Root.Error("is no domain; <domain> is expected");
    }

    /// <summary>The document with one more host device, behind the last one there is, or where libvirt would write it.</summary>
    /// <param name="device">The device.</param>
    /// <exception cref="LibvirtXmlException">The device breaks a rule, or the domain has it already.</exception>
    public DomainDocument Add(HostDevice device)
    {
        ArgumentNullException.ThrowIfNull(device);
        if (HostDevices.Contains(device))
        {
            throw new LibvirtXmlException("domain/devices/hostdev", "the domain has this host device already");
        }

        return new(XmlTree.Parse(XmlEdit.Insert(_tree, "devices", "hostdev", Later, device.ToXml)));
    }

    /// <summary>The document with a host device exchanged for another, which takes its place; the same text when both mean the same.</summary>
    /// <param name="current">A device that is equal to one of <see cref="HostDevices"/>; the first such is meant.</param>
    /// <param name="replacement">What takes its place.</param>
    /// <exception cref="LibvirtXmlException">The domain has no such device, or the new one breaks a rule.</exception>
    public DomainDocument Replace(HostDevice current, HostDevice replacement)
    {
        ArgumentNullException.ThrowIfNull(replacement);
        var element = Find(current);
        return replacement.Equals(current) ? this : new(XmlTree.Parse(XmlEdit.Replace(element, replacement.ToXml)));
    }

    /// <summary>The document without a host device, and without the line it stood on.</summary>
    /// <param name="device">A device that is equal to one of <see cref="HostDevices"/>; the first such is meant.</param>
    /// <exception cref="LibvirtXmlException">The domain has no such device.</exception>
    public DomainDocument Remove(HostDevice device) => new(XmlTree.Parse(XmlEdit.Remove(Find(device))));

    /// <summary>The document's text.</summary>
    public override string ToString() => _tree.Text;

    private XmlElementView Find(HostDevice device)
    {
        ArgumentNullException.ThrowIfNull(device);
        for (var i = 0; i < HostDevices.Count; i++)
        {
            if (HostDevices[i].Equals(device))
            {
                return Elements("hostdev")[i];
            }
        }

        throw new LibvirtXmlException("domain/devices", $"there is no such host device of type '{device.Type}'; take one of those the document lists");
    }

    private List<XmlElementView> Elements(string name)
    {
        var found = new List<XmlElementView>();
        foreach (var devices in _tree.Root.Children)
        {
            if (devices.Name is not "devices")
            {
                continue;
            }

            foreach (var device in devices.Children)
            {
                if (device.Name.SequenceEqual(name))
                {
                    found.Add(device);
                }
            }
        }

        return found;
    }
}
