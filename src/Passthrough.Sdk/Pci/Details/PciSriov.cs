namespace Passthrough.Sdk.Pci.Details;

/// <summary>The SR-IOV state of a physical function. A value is null if the kernel does not report it.</summary>
/// <param name="TotalVirtualFunctions">The maximum number of virtual functions. Source: <c>sriov_totalvfs</c>.</param>
/// <param name="VirtualFunctions">The current number of virtual functions. Source: <c>sriov_numvfs</c>.</param>
/// <param name="Offset">The difference between its routing id and that of the first virtual function. Source: <c>sriov_offset</c>.</param>
/// <param name="Stride">The difference between the routing ids of two consecutive virtual functions. Source: <c>sriov_stride</c>.</param>
/// <param name="DeviceId">The device id of the virtual functions. Source: <c>sriov_vf_device</c>.</param>
/// <param name="ProbesDrivers">Whether the host binds its drivers to new virtual functions. Source: <c>sriov_drivers_autoprobe</c>.</param>
/// <remarks>Thread safety: immutable.</remarks>
public sealed record PciSriov(int? TotalVirtualFunctions, int? VirtualFunctions, int? Offset, int? Stride, ushort? DeviceId, bool? ProbesDrivers)
{
    /// <summary>
    /// Gets whether the port above forwards alternative routing ids (ARI), without which functions above 7 are not reachable; null if the
    /// kernel does not report it. Source: <c>ari_enabled</c>.
    /// </summary>
    public bool? IsAriEnabled { get; init; }
}
