using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Hostdev.Networks;
using Passthrough.Sdk.Hostdev.Xml;
using Passthrough.Sdk.Pci;

namespace Passthrough.Sdk.Hostdev.Domains;

/// <summary>
/// A domain's XML that can be edited in place: the rest of the text stays the same, character by character.
/// </summary>
/// <remarks>
/// It is for the XML of <c>virDomainGetXMLDesc</c> (<c>virsh dumpxml</c>) and for a definition file. Each edit returns a new
/// document. Thread safety: immutable.
/// </remarks>
public sealed partial class DomainDocument
{
    /// <summary>The devices that libvirt writes behind the host devices (<c>virDomainDefFormatInternal</c>).</summary>
    private static readonly string[] Later =
    [
        "redirdev", "redirfilter", "hub", "watchdog", "memballoon", "rng", "nvram", "panic", "shmem", "memory", "crypto",
        "iommu", "vsock", "pstore",
    ];

    private static readonly string[] LaterThanInterfaces =
    [
        "smartcard", "serial", "parallel", "console", "channel", "input", "tpm", "graphics", "sound", "audio", "video",
        "hostdev", .. Later,
    ];

    private static readonly string[] LaterThanControllers = ["lease", "filesystem", "interface", .. LaterThanInterfaces];

    private readonly XmlTree _tree;
    private readonly DomainDevices _devices;

    private DomainDocument(XmlTree tree)
    {
        _tree = tree;
        _devices = DomainRules.Check(tree.Root);
        HostDevices = _devices.HostDevices();
    }

    /// <summary>Gets the host devices, in the document's order.</summary>
    public ValueList<HostDevice> HostDevices { get; }

    /// <summary>Gets the interfaces of type hostdev, in the document's order. Interfaces that use a network's pool are not included.</summary>
    public ValueList<HostInterface> HostInterfaces => field.IsDefault ? field = _devices.HostInterfaces() : field;

    /// <summary>Gets all uses of host devices, in any element, in the document's order; arguments for QEMU come last.</summary>
    public ValueList<DomainHostUse> HostUses => field.IsDefault ? field = Xml.HostUses.Read(_tree.Root) : field;

    /// <summary>
    /// Gets the PCI functions of the host that the domain requests, each once, in the document's order: as host devices, interfaces, NVMe
    /// disks, or by arguments for QEMU.
    /// </summary>
    public ValueList<PciAddress> PciAddresses =>
        [.. HostUses.Where(use => use.Address is not null).Select(use => use.Address!.Value).Distinct()];

    /// <summary>Gets the names of the networks that its interfaces are in. A network can give its domains functions of the host (<see cref="HostdevPool"/>).</summary>
    public ValueList<string> Networks => Xml.HostUses.Networks(_tree.Root);

    /// <summary>Returns the host device or interface that requests a PCI function of the host; null if there is none.</summary>
    /// <param name="address">The function's address on the host.</param>
    public PassthroughDevice? FindPciDevice(PciAddress address) =>
        HostDevices.OfType<PciHostDevice>().FirstOrDefault(device => device.Address == address)
            ?? (PassthroughDevice?)HostInterfaces.FirstOrDefault(device => device.Address == address);

    /// <summary>The disk whose data is on a PCI function of the host (<c>type='nvme'</c>), as written in the text; null if there is none.</summary>
    internal string? FindNvmeDisk(PciAddress address) =>
        FindElement(device => device.Name is "disk" && Xml.HostUses.Read(device).Any(use => use.Address == address));

    /// <summary>Returns the PCI controller with an index, as written in the text, or null if the domain has no such controller.</summary>
    internal string? FindPciController(uint index) =>
        FindElement(device => device.Name is "controller" && device.Is("type", "pci") && device.Has("index") && device.Number("index") == index);

    private string? FindElement(Func<XmlElementView, bool> fits)
    {
        foreach (var devices in _tree.Root.Children)
        {
            foreach (var device in devices.Name is "devices" ? devices.Children : default)
            {
                if (fits(device))
                {
                    return device.Standalone();
                }
            }
        }

        return null;
    }

    /// <summary>Reads a document whose root is <c>&lt;domain&gt;</c>.</summary>
    /// <param name="xml">The document.</param>
    /// <exception cref="LibvirtXmlException">The text is not well-formed, is not a domain, or has a host device that libvirt would refuse.</exception>
    public static DomainDocument Parse(string xml)
    {
        var tree = XmlTree.Parse(xml);
        return tree.Root.Name is "domain"
            ? new(tree)
            : throw tree.Root.Error("is not a domain; <domain> is expected");
    }

    /// <summary>Returns the document with one more device after the last one of its kind, or where libvirt would write it.</summary>
    /// <param name="device">The device.</param>
    /// <exception cref="LibvirtXmlException">The device violates a rule, or the domain has it already.</exception>
    public DomainDocument Add(PassthroughDevice device)
    {
        ArgumentNullException.ThrowIfNull(device);
        return new(XmlTree.Parse(XmlEdit.Insert(
            _tree, "devices", device.ElementName, device is HostInterface ? LaterThanInterfaces : Later, device.ToXml)));
    }

    /// <summary>Returns the document with one host device replaced by another; the same text if both have the same meaning.</summary>
    /// <param name="current">A device that is equal to one of <see cref="HostDevices"/> or <see cref="HostInterfaces"/>; the first one is used.</param>
    /// <param name="replacement">The new device.</param>
    /// <exception cref="LibvirtXmlException">The domain has no such device, or the new one violates a rule.</exception>
    public DomainDocument Replace(PassthroughDevice current, PassthroughDevice replacement)
    {
        ArgumentNullException.ThrowIfNull(replacement);
        var element = Find(current);
        return replacement.Equals(current) ? this : new(XmlTree.Parse(XmlEdit.Replace(element, replacement.ToXml)));
    }

    /// <summary>Returns the document without a host device and without its line.</summary>
    /// <param name="device">A device that is equal to one of <see cref="HostDevices"/> or <see cref="HostInterfaces"/>; the first one is used.</param>
    /// <exception cref="LibvirtXmlException">The domain has no such device.</exception>
    public DomainDocument Remove(PassthroughDevice device) => new(XmlTree.Parse(XmlEdit.Remove(Find(device))));

    /// <summary>Returns the document's text.</summary>
    public override string ToString() => _tree.Text;

    private XmlElementView Find(PassthroughDevice device)
    {
        ArgumentNullException.ThrowIfNull(device);
        for (var i = 0; i < _devices.Count; i++)
        {
            if (_devices[i].Equals(device))
            {
                return _devices.Element(i);
            }
        }

        throw new LibvirtXmlException("domain/devices", $"the document does not contain this <{device.ElementName}>; use one that it lists");
    }
}
