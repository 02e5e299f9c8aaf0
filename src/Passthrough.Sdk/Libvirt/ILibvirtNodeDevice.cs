using Passthrough.Sdk.Facts;

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
    /// <param name="inactive">
    /// Whether to read the definition of a device that is active (<c>--inactive</c>, libvirt 10.1). An older libvirt refuses true with
    /// <see cref="LibvirtErrorCode.InvalidArg"/>.
    /// </param>
    /// <exception cref="LibvirtException">The device no longer exists.</exception>
    string GetXml(bool inactive = false);

    /// <summary>Reads the names of its capabilities, such as <c>pci</c> and <c>mdev_types</c> (<c>virNodeDeviceListCaps</c>).</summary>
    /// <exception cref="LibvirtException">The device no longer exists.</exception>
    ValueList<string> GetCapabilities();

    /// <summary>Reads whether the device exists at present (<c>virsh nodedev-info</c>, <c>virNodeDeviceIsActive</c>). A mediated device may only be defined.</summary>
    /// <exception cref="LibvirtException">The device no longer exists, or the driver does not support this (<see cref="LibvirtErrorCode.NoSupport"/>).</exception>
    /// <exception cref="LibvirtTooOldException">The library in this process is older than libvirt 7.8.</exception>
    bool IsActive();

    /// <summary>Reads whether the device has a definition (<c>virsh nodedev-info</c>, <c>virNodeDeviceIsPersistent</c>).</summary>
    /// <exception cref="LibvirtException">The device no longer exists, or the driver does not support this (<see cref="LibvirtErrorCode.NoSupport"/>).</exception>
    /// <exception cref="LibvirtTooOldException">The library in this process is older than libvirt 7.8.</exception>
    bool IsPersistent();

    /// <summary>Reads whether the device is started with the host (<c>virsh nodedev-info</c>, <c>virNodeDeviceGetAutostart</c>).</summary>
    /// <exception cref="LibvirtException">The device no longer exists, or the driver does not support this (<see cref="LibvirtErrorCode.NoSupport"/>).</exception>
    /// <exception cref="LibvirtTooOldException">The library in this process is older than libvirt 7.8.</exception>
    bool GetAutostart();

    /// <summary>Sets whether the device is started with the host (<c>virsh nodedev-autostart</c>, <c>virNodeDeviceSetAutostart</c>).</summary>
    /// <param name="autostart">Whether it is started.</param>
    /// <exception cref="LibvirtException">The device is not a defined mediated device, or the driver does not support this.</exception>
    /// <exception cref="LibvirtTooOldException">The library in this process is older than libvirt 7.8.</exception>
    void SetAutostart(bool autostart);

    /// <summary>Starts a device that is defined (<c>virsh nodedev-start</c>, <c>virNodeDeviceCreate</c>).</summary>
    /// <exception cref="LibvirtException">The device is active, or cannot be created, or the driver does not support this.</exception>
    /// <exception cref="LibvirtTooOldException">The library in this process is older than libvirt 7.3.</exception>
    void Start();

    /// <summary>Removes a device from the host: a mediated device or a virtual port (<c>virsh nodedev-destroy</c>, <c>virNodeDeviceDestroy</c>). Its definition stays.</summary>
    /// <exception cref="LibvirtException">The device is in use or not active, or is not of a kind that can be created.</exception>
    void Destroy();

    /// <summary>Removes the definition of a device (<c>virsh nodedev-undefine</c>, <c>virNodeDeviceUndefine</c>). An active device stays until it is destroyed.</summary>
    /// <exception cref="LibvirtException">The device has no definition, or the driver does not support this.</exception>
    /// <exception cref="LibvirtTooOldException">The library in this process is older than libvirt 7.3.</exception>
    void Undefine();

    /// <summary>Changes a mediated device: its attributes (<c>virsh nodedev-update</c>, <c>virNodeDeviceUpdate</c>).</summary>
    /// <param name="xml">The complete description with the changes.</param>
    /// <param name="affect">Whether the active device changes, its definition, or both.</param>
    /// <exception cref="LibvirtException">The change is not possible, or the driver does not support this.</exception>
    /// <exception cref="LibvirtTooOldException">The library in this process is older than libvirt 10.1.</exception>
    void Update(string xml, DeviceAffect affect = DeviceAffect.Current);

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
