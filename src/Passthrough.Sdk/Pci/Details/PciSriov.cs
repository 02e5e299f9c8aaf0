namespace Passthrough.Sdk.Pci.Details;

/// <summary>What a physical function says of its virtual ones. Null: the kernel does not say.</summary>
/// <param name="TotalVirtualFunctions">How many it can have. Source: <c>sriov_totalvfs</c>.</param>
/// <param name="VirtualFunctions">How many it has. Source: <c>sriov_numvfs</c>.</param>
/// <param name="Offset">From its routing id to that of the first. Source: <c>sriov_offset</c>.</param>
/// <param name="Stride">From one to the next. Source: <c>sriov_stride</c>.</param>
/// <param name="DeviceId">The device id they all have. Source: <c>sriov_vf_device</c>.</param>
/// <param name="ProbesDrivers">Whether the host binds its drivers to them as they come. Source: <c>sriov_drivers_autoprobe</c>.</param>
/// <remarks>Thread safety: immutable.</remarks>
public sealed record PciSriov(int? TotalVirtualFunctions, int? VirtualFunctions, int? Offset, int? Stride, ushort? DeviceId, bool? ProbesDrivers)
{
    /// <summary>
    /// Gets whether the port above forwards alternative routing ids (ARI), without which functions above 7 are not reached; null where the
    /// kernel does not say. Source: <c>ari_enabled</c>.
    /// </summary>
    public bool? IsAriEnabled { get; init; }
}
