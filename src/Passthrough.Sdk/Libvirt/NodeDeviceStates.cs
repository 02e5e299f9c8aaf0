namespace Passthrough.Sdk.Libvirt;

/// <summary>States of host devices to list: the other flags of virConnectListAllNodeDeviceFlags. The numbers are not libvirt's.</summary>
/// <remarks>
/// A device is listed if it has one of the named kinds of activity and one of the named kinds of persistence; what is not named is not filtered. A libvirt
/// that does not know a state, and drivers such as <c>test:///</c>, refuse it with <see cref="LibvirtErrorCode.InvalidArg"/>.
/// </remarks>
[Flags]
public enum NodeDeviceStates
{
    /// <summary>No filter: all devices, also defined ones that do not exist at present.</summary>
    Any = 0,

    /// <summary>Devices that exist at present (libvirt 7.3).</summary>
    Active = 1 << 0,

    /// <summary>Devices that are only defined (<c>--inactive</c>; libvirt 7.3).</summary>
    Inactive = 1 << 1,

    /// <summary>Devices that have a definition (<c>--persistent</c>; libvirt 10.1).</summary>
    Persistent = 1 << 2,

    /// <summary>Devices without a definition (<c>--transient</c>; libvirt 10.1).</summary>
    Transient = 1 << 3,
}
