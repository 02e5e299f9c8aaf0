using System.Text;
using System.Xml;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Hostdev.Xml;
using Passthrough.Sdk.Pci;

namespace Passthrough.Sdk.Hostdev.Domains;

/// <summary>Questions to a domain's XML that a plan asks.</summary>
internal static class DomainXml
{
    // libvirt keeps aliases with this prefix, and gives each other device its own at each start.
    private const string UserAlias = "ua-";

    /// <summary>Whether the domain asks for this PCI device of the host by an element that libvirt can take out of it again.</summary>
    public static bool Asks(string xml, PciAddress device)
    {
        var document = DomainDocument.Parse(xml);
        return document.FindPciDevice(device) is not null || document.FindNvmeDisk(device) is not null;
    }

    /// <summary>Returns the number of elements of the domain that request this PCI device of the host and that libvirt can remove.</summary>
    public static int CountOf(string xml, PciAddress device) =>
        DomainDocument.Parse(xml).HostUses.Count(use => use.Address == device && use.Form != HostUseForm.CommandLine);

    /// <summary>Whether the domain takes this PCI device of the host, in whichever way: by arguments for QEMU too.</summary>
    public static bool Takes(string xml, PciAddress device) => DomainDocument.Parse(xml).PciAddresses.Contains(device);

    /// <summary>Whether libvirt takes this PCI device from its driver and returns it by itself.</summary>
    public static bool IsManaged(string xml, PciAddress device) => DomainDocument.Parse(xml).HostUses.Any(use => use.Address == device && use.Managed);

    /// <summary>
    /// The name that the running domain has for this PCI device of the host; null if it does not have it, and where the driver gives
    /// its devices no names: Xen's gives none to those of paravirtualised guests.
    /// </summary>
    public static string? AliasOf(string liveXml, PciAddress device) =>
        DomainDocument.Parse(liveXml).HostUses.FirstOrDefault(use => use.Address == device && use.Form != HostUseForm.CommandLine)?.Alias;

    /// <summary>The address in the guest that an element of a device names; null if it leaves the choice to libvirt, or is not of a PCI device.</summary>
    public static PciAddress? GuestAddressOf(string deviceXml) =>
        PassthroughDevice.TryRead(XmlTree.Parse(deviceXml).Root) is { GuestAddress: PciGuestAddress { Address: { } place } } ? place : null;

    /// <summary>Whether another device shares the slot of the guest that this PCI device of the host is in: libvirt unplugs none of them.</summary>
    public static bool IsInSharedSlot(string liveXml, PciAddress device)
    {
        var document = DomainDocument.Parse(liveXml);
        return document.FindPciDevice(device) is { GuestAddress: PciGuestAddress { Address: { } place } }
            && document.Settings.PciAddressesInUse.Any(other => other != place && other.IsSameSlot(place));
    }

    /// <summary>The element that asks for this PCI device of the host, to be managed by libvirt.</summary>
    public static string HostdevOf(PciAddress device) => new PciHostDevice { Address = device, Managed = true }.ToXml();

    /// <summary>
    /// The element by which libvirt finds the device again: an interface, which it finds by its MAC address, without what differs between
    /// the running domain and the definition; a host device, which it finds by its address on the host, and an NVMe disk as
    /// <see cref="StoredOf"/> returns them.
    /// </summary>
    /// <param name="device">The device.</param>
    /// <param name="documents">Descriptions of the domain, the first that has the device counts; an empty one has none.</param>
    public static string ElementOf(PciAddress device, params ReadOnlySpan<string> documents) => Element(device, isToFind: true, documents);

    /// <summary>
    /// The element with which the device is put back, or gets into the other description of the domain: with its place in the guest, its
    /// ROM and the alias that a user gave it; an NVMe disk as it is.
    /// </summary>
    /// <param name="device">The device.</param>
    /// <param name="documents">Descriptions of the domain, the first that has the device counts; an empty one has none.</param>
    public static string StoredOf(PciAddress device, params ReadOnlySpan<string> documents) => Element(device, isToFind: false, documents);

    /// <summary>Whether an element lets libvirt take the device from its driver.</summary>
    public static bool IsManagedElement(string deviceXml) => DomainHostUse.ParseAll(deviceXml).Any(use => use.Managed);

    private static string Element(PciAddress device, bool isToFind, ReadOnlySpan<string> documents)
    {
        foreach (var xml in documents)
        {
            if (xml.Length == 0)
            {
                continue;
            }

            var document = DomainDocument.Parse(xml);
            if (document.FindPciDevice(device) is { } found)
            {
                var element = found with { Alias = found.Alias is { } alias && alias.StartsWith(UserAlias, StringComparison.Ordinal) ? alias : null };
                return (isToFind && element is HostInterface ? element with { Alias = null, GuestAddress = null } : element).ToXml();
            }

            // libvirt finds a disk by its target; everything else of it is needed where it is put back.
            if (document.FindNvmeDisk(device) is { } disk)
            {
                return disk;
            }
        }

        return HostdevOf(device);
    }

    /// <summary>
    /// The text of a domain without some of its devices and without the ids of findings that are accepted for it; null if an NVMe disk is
    /// among the devices.
    /// </summary>
    public static string? Without(ValueList<PciAddress> devices, string xml)
    {
        var document = DomainDocument.Parse(xml);
        foreach (var device in devices)
        {
            if (document.FindNvmeDisk(device) is not null)
            {
                return null;
            }

            document = document.FindPciDevice(device) is { } found ? document.Remove(found) : document;
        }

        return WithoutAccepted(XmlTree.Parse(document.ToString()));
    }

    // The rest of the metadata is kept, and an empty one is as good as none.
    private static string WithoutAccepted(XmlTree tree)
    {
        if (tree.Root.Child("metadata") is not { } metadata)
        {
            return tree.Text;
        }

        var others = new StringBuilder(XmlEdit.Remove(metadata));
        foreach (var child in metadata.Children)
        {
            if (!child.Outer.Contains(AcceptedFindings.NamespaceUri, StringComparison.Ordinal))
            {
                others.Append(child.Outer);
            }
        }

        return others.ToString();
    }

    /// <summary>
    /// The name of a domain and the PCI functions of the host that it takes, and nothing else of it is read or checked: libvirt wrote the text, and a
    /// newer one writes what this library does not know.
    /// </summary>
    /// <exception cref="LibvirtXmlException">The text is not well-formed, or not that of a domain.</exception>
    public static (string Name, ValueList<PciAddress> Functions) TakenBy(string xml)
    {
        var root = XmlTree.Parse(xml).Root;
        return root.Name is "domain"
            ? (root.Child("name")?.Value.Trim() ?? "", [.. HostUses.Read(root).Select(use => use.Address).OfType<PciAddress>().Distinct()])
            : throw new LibvirtXmlException(root.Name.ToString(), "a domain is expected");
    }

    /// <summary>The kind of guest a domain is.</summary>
    public static GuestKind GuestKindOf(string xml)
    {
        using var reader = XmlReader.Create(new StringReader(xml), new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit });
        if (reader.MoveToContent() != XmlNodeType.Element || reader.GetAttribute("type") != "xen")
        {
            return GuestKind.Qemu;
        }

        return !reader.ReadToDescendant("os") || !reader.ReadToDescendant("type") ? GuestKind.XenPv : reader.ReadElementContentAsString() switch
        {
            "hvm" => GuestKind.XenHvm,
            "xenpvh" => GuestKind.XenPvh,
            _ => GuestKind.XenPv,
        };
    }
}
