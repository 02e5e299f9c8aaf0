namespace Passthrough.Sdk.Libvirt;

/// <summary>A device of the host as libvirt represents it.</summary>
/// <remarks>
/// Thread safety: all members may be called from several threads at the same time; each blocks until libvirt answers.
/// The object keeps the connection to the daemon open until it is disposed of or finalised.
/// </remarks>
public interface ILibvirtNodeDevice : IDisposable
{
    /// <summary>Gets libvirt's name for it, <c>pci_0000_01_00_0</c> (<c>virNodeDeviceGetName</c>).</summary>
    string Name { get; }

    /// <summary>Reads the name of its parent device (<c>virNodeDeviceGetParent</c>); null for the root.</summary>
    /// <exception cref="LibvirtException">The device no longer exists.</exception>
    string? GetParent();

    /// <summary>Reads its description (<c>virsh nodedev-dumpxml</c>, <c>virNodeDeviceGetXMLDesc</c>).</summary>
    /// <exception cref="LibvirtException">The device no longer exists.</exception>
    string GetXml();

    /// <summary>
    /// Takes the device from its host driver and binds it for passthrough (<c>virsh nodedev-detach</c>,
    /// <c>virNodeDeviceDetachFlags</c>). This is needed only for a hostdev with <c>managed='no'</c>.
    /// </summary>
    /// <param name="driver">
    /// The driver or, before libvirt 9.10, the backend (<c>vfio</c>) to bind to; null for libvirt's choice: vfio-pci or a variant for this device.
    /// </param>
    /// <remarks>
    /// The hypervisor's driver does this, as well as <see cref="ReAttach"/> and <see cref="Reset"/>: open <c>qemu:///system</c>,
    /// not <c>nodedev:///system</c>, which only lists devices.
    /// </remarks>
    /// <exception cref="LibvirtException">The device is in use by a domain, there is no IOMMU, it is not a PCI device, or the connection does not lead to a hypervisor.</exception>
    void Detach(string? driver = null);

    /// <summary>Returns the device to the host's driver (<c>virsh nodedev-reattach</c>, <c>virNodeDeviceReAttach</c>).</summary>
    /// <exception cref="LibvirtException">The device is in use by a domain, or is not a PCI device.</exception>
    void ReAttach();

    /// <summary>Resets the device (<c>virsh nodedev-reset</c>, <c>virNodeDeviceReset</c>). It must be detached first.</summary>
    /// <exception cref="LibvirtException">The device is in use, or no reset is available.</exception>
    void Reset();
}
