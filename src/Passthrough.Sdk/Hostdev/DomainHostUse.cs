using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Hostdev.Xml;
using Passthrough.Sdk.Pci;

namespace Passthrough.Sdk.Hostdev;

/// <summary>
/// A device of the host that a domain's XML uses, in any of its parts: <c>&lt;hostdev&gt;</c>, <c>&lt;interface&gt;</c>,
/// <c>&lt;disk type='nvme'&gt;</c>, or arguments for QEMU that libvirt passes on without interpreting them.
/// </summary>
/// <remarks>
/// This is derived only from the XML, without libvirt's rules: uses are listed even if libvirt would refuse the domain. Thread
/// safety: immutable.
/// </remarks>
public sealed record DomainHostUse
{
    /// <summary>Gets the part of the XML that uses the device.</summary>
    public required HostUseForm Form { get; init; }

    /// <summary>Gets the kind of the device: a type of <c>&lt;hostdev&gt;</c> (<c>pci</c>, <c>usb</c>, <c>mdev</c>, ...), or <c>vdpa</c>.</summary>
    public required string Type { get; init; }

    /// <summary>Gets the PCI function on the host; null for a device of another kind, and if only the host knows the function.</summary>
    public PciAddress? Address { get; init; }

    /// <summary>
    /// Gets the name of the device on the host if it has no PCI address: a node such as <c>/dev/vhost-vdpa-0</c>, or the sysfs path of a
    /// mediated device. Null if nothing does.
    /// </summary>
    public string? Path { get; init; }

    /// <summary>Gets whether libvirt takes the device from the host's driver and returns it.</summary>
    public bool Managed { get; init; }

    /// <summary>
    /// Gets whether QEMU is to use the device through IOMMUFD: <c>&lt;driver iommufd='yes'&gt;</c> of the device (libvirt 12.1.0), or
    /// <c>&lt;iommufd enabled='yes'&gt;</c> of the domain (12.2.0) if the device says nothing else.
    /// </summary>
    public bool UsesIommufd { get; init; }

    /// <summary>Gets the name that the device has in the domain; null if the XML does not specify it.</summary>
    public string? Alias { get; init; }

    /// <summary>Gets the device's address in the guest: a PCI address, or the kind of another address; null if libvirt chooses it.</summary>
    public string? GuestAddress { get; init; }

    /// <summary>Reads the host devices that a domain uses, in the document's order; or a single <c>&lt;hostdev&gt;</c>, <c>&lt;interface&gt;</c> or <c>&lt;disk&gt;</c>.</summary>
    /// <param name="xml">The document.</param>
    /// <returns>The uses; empty if the domain takes nothing of the host.</returns>
    /// <exception cref="LibvirtXmlException">The text is not well-formed, or an address in it is invalid.</exception>
    public static ValueList<DomainHostUse> ParseAll(string xml) => HostUses.Read(XmlTree.Parse(xml).Root);
}
