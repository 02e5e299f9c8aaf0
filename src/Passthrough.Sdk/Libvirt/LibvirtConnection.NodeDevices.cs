using System.Diagnostics.CodeAnalysis;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Libvirt.Native;
using Passthrough.Sdk.Pci;

namespace Passthrough.Sdk.Libvirt;

/// <content>Finding the host's devices.</content>
public sealed partial class LibvirtConnection
{
    private const string CannotFindNodeDevice = "cannot find node device";

    /// <inheritdoc/>
    public ILibvirtNodeDevice GetNodeDevice(PciAddress address) => GetNodeDevice(address.NodeDeviceName);

    /// <inheritdoc/>
    public ILibvirtNodeDevice GetNodeDevice(string name)
    {
        NativeText.Check(name);
        return Wrap(Ensure.Handle(LibVirt.virNodeDeviceLookupByName(Handle, name), Handle, CannotFindNodeDevice, name));
    }

    /// <inheritdoc/>
    public bool TryGetNodeDevice(PciAddress address, [NotNullWhen(true)] out ILibvirtNodeDevice? device) =>
        TryGetNodeDevice(address.NodeDeviceName, out device);

    /// <inheritdoc/>
    public bool TryGetNodeDevice(string name, [NotNullWhen(true)] out ILibvirtNodeDevice? device)
    {
        NativeText.Check(name);
        var handle = Ensure.HandleOrNull(
            LibVirt.virNodeDeviceLookupByName(Handle, name), Handle, LibvirtErrorCode.NoNodeDevice, CannotFindNodeDevice, name);
        device = handle is null ? null : Wrap(handle);
        return device is not null;
    }

    /// <inheritdoc/>
    public unsafe ValueList<ILibvirtNodeDevice> GetNodeDevices(NodeDeviceKinds kinds = NodeDeviceKinds.Pci, NodeDeviceStates states = NodeDeviceStates.Any)
    {
        var count = Ensure.Success(
            LibVirt.virConnectListAllNodeDevices(Handle, out var array, (uint)kinds | NativeFlags.Of(states)), Handle, "cannot list the node devices of", Uri);
        return [.. Array.ConvertAll(NativeArray.Take(array, count, pointer => new NodeDeviceHandle(pointer)), Wrap)];
    }

    /// <inheritdoc/>
    public ILibvirtNodeDevice CreateNodeDevice(string xml, bool validate = false)
    {
        NativeText.Check(xml);
        var flags = validate ? NativeFlags.NodeDeviceValidate : 0;
        var device = Wrap(Ensure.Handle(LibVirt.virNodeDeviceCreateXML(Handle, xml, flags), Handle, "cannot create a node device at", Uri));
        _logger.NodeDeviceAction(device.Name, "created");
        return device;
    }

    /// <inheritdoc/>
    public ILibvirtNodeDevice DefineNodeDevice(string xml, bool validate = false)
    {
        NativeText.Check(xml);
        LibvirtRuntime.Require(nameof(LibVirt.virNodeDeviceDefineXML), LibvirtNodeDevice.WithDefinitions);
        var flags = validate ? NativeFlags.NodeDeviceValidate : 0;
        var device = Wrap(Ensure.Handle(LibVirt.virNodeDeviceDefineXML(Handle, xml, flags), Handle, "cannot define a node device at", Uri));
        _logger.NodeDeviceAction(device.Name, "defined");
        return device;
    }

    private ILibvirtNodeDevice Wrap(NodeDeviceHandle handle)
    {
        handle.BelongsTo(Handle);
        return new LibvirtNodeDevice(handle, _logger);
    }
}
