using Passthrough.Sdk.Readiness.Rules;

namespace Passthrough.Sdk.Readiness;

/// <summary>The rules in the order of causes: what an earlier one finds is nearer to the root.</summary>
internal static class ReadinessRules
{
    /// <summary>Rules about the host, whatever the device.</summary>
    public static IReadOnlyList<IReadinessRule> OfTheHost { get; } =
    [
        new XenDirectIo(),
        new XenDom0Parameter(),
        new XenPciback(),
        new IommuFirmwareTable(),
        new IommuRebootPending(),
        new IommuParameterForOtherVendor(),
        new IommuDisabledByParameter(),
        new IommuNotEnabled(),
        new IommuInactive(),
        new VfioModuleBlocked(),
        new VfioModule(),
        new VfioNode(),
        new VfioGroupNode(),
        new InterruptRemapping(),
        new VfioNoIommu(),
        new GroupAcsOverride(),
        new LibvirtReachable(),
        new LibvirtBackend(),
        new QemuPrograms(),
        new CpuVirtualization(),
        new MemoryLock(),
        new KernelLocked(),
    ];

    /// <summary>Rules about the devices in question.</summary>
    public static IReadOnlyList<IReadinessRule> OfDevices { get; } =
    [
        new DeviceMoved(),
        new DeviceMissing(),
        new DeviceUnresponsive(),
        new DeviceIsBridge(),
        new DeviceWithoutGroup(),
        new DeviceInUseByDomain(),
        new DeviceHoldsDisk(),
        new DeviceHoldsNetwork(),
        new DeviceHasOpenHandles(),
        new DeviceHasVirtualFunctions(),
        new DeviceReservedMemory(),
        new GroupNotViable(),
        new DeviceTwin(),
        new GroupShared(),
        new DeviceIsBootDisplay(),
        new DeviceIsConsole(),
        new DeviceNoReset(),
    ];

    /// <summary>Rules about devices whose findings the host may explain.</summary>
    public static IReadOnlyList<IReadinessRule> OfDevicesOnTheHost { get; } = [new DeviceBindFailed()];

    /// <summary>Rules about devices that are to come back: what the host lacks for giving them away does not matter.</summary>
    public static IReadOnlyList<IReadinessRule> OfRelease { get; } = [new DeviceMissing(), new DeviceInUseByDomain()];

    /// <summary>All of them: devices first, since a bridge stays a bridge when the host is mended.</summary>
    public static IReadOnlyList<IReadinessRule> All { get; } = [.. OfDevices, .. OfTheHost, .. OfDevicesOnTheHost];
}
