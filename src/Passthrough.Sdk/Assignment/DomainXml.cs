using System.Xml;
using Passthrough.Sdk.Hostdev;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Readiness;

namespace Passthrough.Sdk.Assignment;

/// <summary>Questions to a domain's XML that a plan asks.</summary>
internal static class DomainXml
{
    /// <summary>Whether the domain asks for this PCI device of the host.</summary>
    public static bool Asks(string xml, PciAddress device) => DomainDocument.Parse(xml).FindPciDevice(device) is not null;

    /// <summary>The name that the running domain has for this PCI device of the host; null when it does not have it.</summary>
    public static string? AliasOf(string liveXml, PciAddress device) => DomainDocument.Parse(liveXml).FindPciDevice(device)?.Alias;

    /// <summary>The element that asks for this PCI device of the host, to be managed by libvirt.</summary>
    public static string HostdevOf(PciAddress device) => new PciHostDevice { Address = device, Managed = true }.ToXml();

    /// <summary>
    /// The element by which libvirt finds the device again: an interface by its own, without what differs between the running
    /// domain and the definition; anything else by its place on the host.
    /// </summary>
    /// <param name="device">The device.</param>
    /// <param name="documents">Descriptions of the domain, the first that has the device counts; an empty one has none.</param>
    public static string ElementOf(PciAddress device, params ReadOnlySpan<string> documents)
    {
        foreach (var xml in documents)
        {
            if (xml.Length > 0 && DomainDocument.Parse(xml).FindPciDevice(device) is HostInterface found)
            {
                return (found with { Alias = null, GuestAddress = null }).ToXml();
            }
        }

        return HostdevOf(device);
    }

    /// <summary>The kind of guest a domain is.</summary>
    public static GuestKind GuestKindOf(string xml)
    {
        using var reader = XmlReader.Create(new StringReader(xml), new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit });
        if (reader.MoveToContent() != XmlNodeType.Element || reader.GetAttribute("type") != "xen")
        {
            return GuestKind.Qemu;
        }

        return reader.ReadToDescendant("os") && reader.ReadToDescendant("type") && reader.ReadElementContentAsString() == "hvm"
            ? GuestKind.XenHvm
            : GuestKind.XenPv;
    }
}
