

using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Hostdev.Xml;
using Passthrough.Sdk.Pci;

namespace Passthrough.Sdk.Hostdev;

/// <summary>
/// A device of the host that a domain's XML takes, by whichever of its parts: <c>&lt;hostdev&gt;</c>, <c>&lt;interface&gt;</c>,
/// <c>&lt;disk type='nvme'&gt;</c>, or arguments for QEMU that libvirt passes on without looking at them.
/// </summary>
/// <remarks>
/// Read from the XML alone, without libvirt's rules: what a domain takes is told even where libvirt would refuse the domain. Thread
/// safety: immutable.
/// </remarks>
public sealed record DomainHostUse
{
    /// <summary>The part of the XML that takes the device.</summary>
    public required HostUseForm Form { get; init; }

    /// <summary>What is taken: a type of <c>&lt;hostdev&gt;</c> (<c>pci</c>, <c>usb</c>, <c>mdev</c>, ...), or <c>vdpa</c>.</summary>
    public required string Type { get; init; }

    /// <summary>The PCI function on the host; null for a device that is not one, and where only the host knows which it is.</summary>
    public PciAddress? Address { get; init; }

    /// <summary>
    /// What names the device on the host where no PCI address does: a node such as <c>/dev/vhost-vdpa-0</c>, or the sysfs path of a
    /// mediated device. Null where nothing does.
    /// </summary>
    public string? Path { get; init; }

    /// <summary>Whether libvirt takes the device from the host's driver and gives it back.</summary>
    public bool Managed { get; init; }

    /// <summary>The name that the device has in the domain; null when the XML gives none.</summary>
    public string? Alias { get; init; }

    /// <summary>Where the device is in the guest: a PCI address, or the kind of another address; null when libvirt is to place it.</summary>
    public string? GuestAddress { get; init; }

    /// <summary>Reads what a domain takes, in the document's order; or a single <c>&lt;hostdev&gt;</c>, <c>&lt;interface&gt;</c> or <c>&lt;disk&gt;</c>.</summary>
    /// <param name="xml">The document.</param>
    /// <returns>The uses; empty when the domain takes nothing of the host.</returns>
    /// <exception cref="LibvirtXmlException">It is not well-formed, or an address in it is not one.</exception>
    public static ValueList<DomainHostUse> ParseAll(string xml) => HostUses.Read(XmlTree.Parse(xml).Root);
}
