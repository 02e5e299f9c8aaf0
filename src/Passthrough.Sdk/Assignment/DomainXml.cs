using System.Xml;
using Passthrough.Sdk.Hostdev;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Readiness;

namespace Passthrough.Sdk.Assignment;

/// <summary>Questions to a domain's XML that a plan asks.</summary>
internal static class DomainXml
{
    /// <summary>Whether the domain asks for this PCI device of the host.</summary>
    public static bool Asks(string xml, PciAddress device) => Find(xml, device) is not null;

    /// <summary>The domain's host device that is this PCI device; null when it has none.</summary>
    public static PciHostDevice? Find(string xml, PciAddress device) =>
        DomainDocument.Parse(xml).HostDevices.OfType<PciHostDevice>().FirstOrDefault(hostdev => hostdev.Address == device);

    /// <summary>The element that asks for this PCI device of the host, to be managed by libvirt.</summary>
    public static string HostdevOf(PciAddress device) => new PciHostDevice { Address = device, Managed = true }.ToXml();

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
