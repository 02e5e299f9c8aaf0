using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Host;
using Passthrough.Sdk.Iommu;
using Passthrough.Sdk.Kernel.Modules;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Readiness;

namespace Passthrough.Sdk.Explain;

/// <summary>Decides whether the facts of a host rule a cause out. Unknown facts never do.</summary>
internal static class CauseFacts
{
    /// <summary>Returns whether the host's facts show that the cause does not exist now.</summary>
    /// <param name="id">The cause.</param>
    /// <param name="context">The host and the affected devices.</param>
    /// <param name="groups">Groups that the error names.</param>
    public static bool Exclude(string id, ReadinessContext context, ValueList<int> groups)
    {
        var system = context.System;
        var vfio = system.Modules[VfioModules.Driver];
        return id switch
        {
            FindingIds.IommuFirmwareTableMissing or FindingIds.IommuDisabledByKernelParameter or FindingIds.IommuNotEnabledByKernel
                or FindingIds.IommuRebootPending or FindingIds.IommuParameterForOtherVendor or FindingIds.IommuInactive => system.Iommu.IsActive.Value || !context.NeedsVfio,
            FindingIds.InterruptRemappingMissing => system.Iommu.InterruptRemapping.Value || system.Vfio.AllowsUnsafeInterrupts.Value,
            FindingIds.VfioModuleNotLoaded or FindingIds.VfioModuleUnavailable => vfio.IsPresent.Value,
            FindingIds.VfioModuleBlacklisted => (vfio.IsPresent.Value && system.Modules[VfioModules.Backend].IsPresent.Value)
                || (system.Modules.Configuration.IsKnown && !VfioModules.ObstaclesNow(system.Modules).Any()),
            FindingIds.VfioNodeMissing => system.Vfio.Container.IsKnown && groups.All(group => HasNode(system, group)),
            FindingIds.VfioNoIommu => system.Vfio.AllowsNoIommu is { IsUnknown: false, Value: false },
            FindingIds.KernelLockdown => system.Kernel.Lockdown is { IsKnown: true, Value: Kernel.KernelLockdown.None },
            FindingIds.CpuVirtualizationMissing or FindingIds.CpuVirtualizationDisabledByFirmware => system.Cpu.HasVirtualization.Value,
            FindingIds.DeviceNotFound => AllDevices(context, _ => true) && context.Addresses.All(address => context.Snapshot.Devices.TryGet(address, out _)),
            FindingIds.DeviceIsBridge => AllDevices(context, device => device.ClassCode is not null && !HostDrivers.IsBridge(device)),
            FindingIds.DeviceHasActiveVirtualFunctions => AllDevices(context, device => device.VirtualFunctions.IsEmpty),
            FindingIds.DeviceIsBootDisplay => AllDevices(context, device => device.Details is { IsBootVga: not true }),
            FindingIds.DeviceNoReset => AllDevices(context, device => device.Details?.ResetMethods is { IsEmpty: false }),
            FindingIds.DeviceUnresponsive => AllDevices(context, device => device.Details?.Configuration is { } space && space.Bytes.Span is [not 0xff, ..]),
            FindingIds.DeviceReservedMemory => AllDevices(context, device => GroupOf(context, device)?.ReservedRegions is { } regions
                && !regions.Any(region => region.Type == ReservedRegionType.Direct)),
            FindingIds.GroupNotViable => groups.Count + context.Addresses.Count > 0 && AllDevices(context, device => device.IommuGroupId is not null, orNone: true),
            FindingIds.DeviceHoldsMountedFileSystem or FindingIds.DeviceHoldsSwap =>
                AllDevices(context, device => system.Usage[device.Address].BlockDevices is { IsKnown: true } disks && disks.Value.All(disk => !disk.Mounts.IsUnknown && !disk.Swaps.IsUnknown)),
            FindingIds.DeviceHoldsActiveVolume or FindingIds.DeviceHoldsExportedDisk =>
                AllDevices(context, device => system.Usage[device.Address].BlockDevices is { IsKnown: true } disks && disks.Value.All(disk => disk.Uses.IsKnown)),
            FindingIds.DeviceDiskBusy =>
                AllDevices(context, device => system.Usage[device.Address].BlockDevices is { IsKnown: true } disks && disks.Value.All(disk => disk.IsHeld.IsKnown)),
            FindingIds.DeviceIsConsoleFramebuffer => AllDevices(context, device => system.Usage[device.Address].Framebuffers is { IsKnown: true, Value.IsEmpty: true }),
            FindingIds.DeviceHasOpenHandles => AllDevices(context, device => system.Usage[device.Address].OpenHandles.IsKnown && device.Details?.IsBeingReleased != true),
            _ => false,
        };
    }

    private static bool HasNode(HostSystem system, int group) =>
        system.Vfio.Groups.IsKnown && system.Vfio.Groups.Value.Any(node => node.Path.EndsWith($"/{group}", StringComparison.Ordinal));

    private static IommuGroup? GroupOf(ReadinessContext context, PciDevice device) =>
        context.Snapshot.IommuGroups.FirstOrDefault(group => group.Id == device.IommuGroupId);

    private static bool AllDevices(ReadinessContext context, Func<PciDevice, bool> says, bool orNone = false)
    {
        var devices = context.Devices.ToList();
        return (devices.Count > 0 || orNone) && devices.TrueForAll(device => says(device));
    }
}
