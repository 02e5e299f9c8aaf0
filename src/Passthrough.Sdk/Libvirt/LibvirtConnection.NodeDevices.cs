using Passthrough.Sdk.Libvirt.Native;
using Passthrough.Sdk.Pci;

namespace Passthrough.Sdk.Libvirt;

/// <content>Finding the host's devices.</content>
public sealed partial class LibvirtConnection
{
    private const string CannotFindNodeDevice = "cannot find node device";

    /// <summary>The host's PCI device at this address (<c>virsh nodedev-info pci_0000_01_00_0</c>, <c>virNodeDeviceLookupByName</c>).</summary>
    /// <param name="address">Its address.</param>
    /// <exception cref="LibvirtException">There is none (<see cref="LibvirtErrorCode.NoNodeDevice"/>), or libvirt cannot tell.</exception>
    public LibvirtNodeDevice NodeDevice(PciAddress address) => NodeDevice(address.NodeDeviceName);

    /// <summary>The host's device of this name (<c>virsh nodedev-info NAME</c>, <c>virNodeDeviceLookupByName</c>).</summary>
    /// <param name="name">libvirt's name for it.</param>
    /// <exception cref="LibvirtException">There is none (<see cref="LibvirtErrorCode.NoNodeDevice"/>), or libvirt cannot tell.</exception>
    public LibvirtNodeDevice NodeDevice(string name)
    {
        NativeText.Check(name);
        return Wrap(Ensure.Handle(LibVirt.virNodeDeviceLookupByName(_handle, name), CannotFindNodeDevice, name));
    }

    /// <summary>The host's PCI device at this address, or null when there is none.</summary>
    /// <param name="address">Its address.</param>
    /// <exception cref="LibvirtException">libvirt cannot tell.</exception>
    public LibvirtNodeDevice? TryFindNodeDevice(PciAddress address) => TryFindNodeDevice(address.NodeDeviceName);

    /// <summary>The host's device of this name, or null when there is none.</summary>
    /// <param name="name">libvirt's name for it.</param>
    /// <exception cref="LibvirtException">libvirt cannot tell.</exception>
    public LibvirtNodeDevice? TryFindNodeDevice(string name)
    {
        NativeText.Check(name);
        var handle = Ensure.HandleOrNull(
            LibVirt.virNodeDeviceLookupByName(_handle, name), LibvirtErrorCode.NoNodeDevice, CannotFindNodeDevice, name);
        return handle is null ? null : Wrap(handle);
    }

    /// <summary>The host's devices (<c>virsh nodedev-list</c>, <c>virConnectListAllNodeDevices</c>), in no particular order.</summary>
    /// <param name="kinds">Which kinds; a device of any of them is listed.</param>
    /// <returns>Each is the caller's to dispose of.</returns>
    /// <exception cref="LibvirtException">libvirt cannot tell.</exception>
    public unsafe IReadOnlyList<LibvirtNodeDevice> NodeDevices(NodeDeviceKinds kinds = NodeDeviceKinds.Pci)
    {
        var count = Ensure.Success(
            LibVirt.virConnectListAllNodeDevices(_handle, out var array, (uint)kinds), "cannot list the node devices of", Uri);
        return Array.ConvertAll(NativeArray.Take(array, count, pointer => new NodeDeviceHandle(pointer)), Wrap);
    }

    private LibvirtNodeDevice Wrap(NodeDeviceHandle handle) => new(handle, _logger);
}
