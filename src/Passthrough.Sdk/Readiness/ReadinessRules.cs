using Passthrough.Sdk.Readiness.Rules;

namespace Passthrough.Sdk.Readiness;

/// <summary>The rules in the order of causes: what an earlier one finds is nearer to the root.</summary>
internal static class ReadinessRules
{
    /// <summary>Rules about the host, whatever the device.</summary>
    public static IReadOnlyList<IReadinessRule> OfTheHost { get; } =
    [
        new IommuFirmwareTable(),
        new IommuRebootPending(),
        new IommuDisabledByParameter(),
        new IommuNotEnabled(),
        new IommuInactive(),
        new VfioModuleBlocked(),
        new VfioModule(),
        new InterruptRemapping(),
        new LibvirtReachable(),
        new LibvirtBackend(),
    ];

    /// <summary>Rules about the devices in question.</summary>
    public static IReadOnlyList<IReadinessRule> OfDevices { get; } =
    [
        new DeviceMissing(),
        new DeviceIsBridge(),
        new DeviceInUseByDomain(),
        new DeviceHoldsDisk(),
        new DeviceHoldsNetwork(),
        new DeviceHasVirtualFunctions(),
        new DeviceReservedMemory(),
        new GroupNotViable(),
        new DeviceIsBootDisplay(),
        new DeviceNoReset(),
    ];

    /// <summary>Rules about devices that are to come back: what the host lacks for giving them away does not matter.</summary>
    public static IReadOnlyList<IReadinessRule> OfRelease { get; } = [new DeviceMissing(), new DeviceInUseByDomain()];

    /// <summary>All of them: devices first, since a bridge stays a bridge when the host is mended.</summary>
    public static IReadOnlyList<IReadinessRule> All { get; } = [.. OfDevices, .. OfTheHost];
}
