using Microsoft.Extensions.Logging;
using Passthrough.Sdk.Libvirt.Native;

namespace Passthrough.Sdk.Libvirt;

/// <summary>A device of the host as libvirt knows it.</summary>
/// <remarks>
/// Thread safety: all members may be called from several threads at once; each blocks until libvirt answers. Keeps the
/// connection to the daemon open until it is disposed of or finalised.
/// </remarks>
public sealed class LibvirtNodeDevice : IDisposable
{
    private readonly NodeDeviceHandle _handle;
    private readonly ILogger _logger;

    internal LibvirtNodeDevice(NodeDeviceHandle handle, ILogger logger)
    {
        _handle = handle;
        _logger = logger;
        Name = Ensure.Text(LibVirt.virNodeDeviceGetName(handle), "cannot read the name of", "a node device");
    }

    /// <summary>libvirt's name for it, <c>pci_0000_01_00_0</c> (<c>virNodeDeviceGetName</c>).</summary>
    public string Name { get; }

    /// <summary>The name of the device it hangs on (<c>virNodeDeviceGetParent</c>); null for the root.</summary>
    /// <exception cref="LibvirtException">The device has gone.</exception>
    public string? GetParent() => Ensure.TextOrNull(
        LibVirt.virNodeDeviceGetParent(_handle),
        LibvirtErrorCode.InternalError, // "no parent for this device"; a device that has gone is NoNodeDevice
        "cannot ask for the parent of node device",
        Name);

    /// <summary>Its description (<c>virsh nodedev-dumpxml</c>, <c>virNodeDeviceGetXMLDesc</c>).</summary>
    /// <exception cref="LibvirtException">The device has gone.</exception>
    public string GetXml() => Ensure.Text(LibVirt.virNodeDeviceGetXMLDesc(_handle, 0), "cannot describe node device", Name);

    /// <summary>
    /// Takes the device from its host driver and binds it for passthrough (<c>virsh nodedev-detach</c>,
    /// <c>virNodeDeviceDetachFlags</c>). Needed for a hostdev with <c>managed='no'</c> only.
    /// </summary>
    /// <param name="driver">
    /// The driver or, before libvirt 9.10, the backend (<c>vfio</c>) to bind to; null for libvirt's choice, vfio-pci or a variant made for the device.
    /// </param>
    /// <remarks>
    /// The hypervisor's driver does this, as it does <see cref="ReAttach"/> and <see cref="Reset"/>: open <c>qemu:///system</c>,
    /// not <c>nodedev:///system</c>, which only lists devices.
    /// </remarks>
    /// <exception cref="LibvirtException">In use by a domain, no IOMMU, not a PCI device, or the connection is not one to a hypervisor.</exception>
    public void Detach(string? driver = null)
    {
        if (driver is not null)
        {
            NativeText.Check(driver);
        }

        Ensure.Success(LibVirt.virNodeDeviceDetachFlags(_handle, driver, 0), "cannot detach node device", Name);
        _logger.NodeDeviceAction(Name, "detached from its host driver");
    }

    /// <summary>Gives the device back to the host's driver (<c>virsh nodedev-reattach</c>, <c>virNodeDeviceReAttach</c>).</summary>
    /// <exception cref="LibvirtException">In use by a domain, or not a PCI device.</exception>
    public void ReAttach()
    {
        Ensure.Success(LibVirt.virNodeDeviceReAttach(_handle), "cannot reattach node device", Name);
        _logger.NodeDeviceAction(Name, "given back to its host driver");
    }

    /// <summary>Resets the device (<c>virsh nodedev-reset</c>, <c>virNodeDeviceReset</c>). It must be detached first.</summary>
    /// <exception cref="LibvirtException">In use, or no reset is available.</exception>
    public void Reset()
    {
        Ensure.Success(LibVirt.virNodeDeviceReset(_handle), "cannot reset node device", Name);
        _logger.NodeDeviceAction(Name, "reset");
    }

    /// <summary>Its name.</summary>
    public override string ToString() => Name;

    /// <summary>Gives this reference back (<c>virNodeDeviceFree</c>); the device itself is untouched.</summary>
    public void Dispose() => _handle.Dispose();
}
