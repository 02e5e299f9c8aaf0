using Passthrough.Sdk.Readiness.Rules;

namespace Passthrough.Sdk.Readiness;

/// <summary>The rules in the order of causes: the finding of an earlier rule is closer to the root cause.</summary>
internal static class ReadinessRules
{
    /// <summary>Gets the rules about the host, independent of a device.</summary>
    public static IReadOnlyList<IReadinessRule> OfTheHost { get; } =
    [
        new HostIsEmpty(),
        new XenDirectIo(),
        new XenPvh(),
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
        new VfioDeviceNode(),
        new VfioIommufd(),
        new VfioOptionsMalformed(),
        new VfioIdsTooLate(),
        new PersistenceDeviceMoved(),
        new PersistenceNotInEffect(),
        new PersistenceConflict(),
        new PersistenceFileMalformed(),
        new KernelParameterMistake(),
        new InterruptRemapping(),
        new VfioNoIommu(),
        new GroupAcsOverride(),
        new LibvirtReachable(),
        new LibvirtBackend(),
        new QemuPrograms(),
        new CpuVirtualization(),
        new MemoryLock(),
        new MediatedParentInstances(),
        new MediatedStart(),
        new MediatedDefinitions(),
        new KernelLocked(),
    ];

    /// <summary>Gets the rules about the devices to check.</summary>
    public static IReadOnlyList<IReadinessRule> OfDevices { get; } =
    [
        new DeviceMoved(),
        new DeviceMissing(),
        new DeviceUnresponsive(),
        new DeviceIsBridge(),
        new DeviceBehindVmd(),
        new DeviceWithoutGroup(),
        new DeviceInUseByDomain(),
        new DeviceInOtherDefinition(),
        new XenDeviceNotReturned(),
        new DeviceHoldsDisk(),
        new DeviceHoldsExport(),
        new DeviceHoldsVolume(),
        new DeviceHoldsNetwork(),
        new DeviceNetworkIdle(),
        new DeviceHasOpenHandles(),
        new DeviceDiskBusy(),
        new DeviceHasVirtualFunctions(),
        new DevicePhysicalFunctionDown(),
        new DeviceReservedMemory(),
        new GroupNotViable(),
        new GroupInUseByDomain(),
        new DeviceTwin(),
        new GroupShared(),
        new DeviceIsBootDisplay(),
        new DeviceIsConsole(),
        new DeviceHasConsoleKeyboard(),
        new DeviceNoReset(),
        new DomainNoFreeSlot(),
        new SriovFunctions(),
        new SriovRoom(),
        new SriovReset(),
        new MediatedInstances(),
    ];

    /// <summary>Gets the rules about devices whose findings the host may explain.</summary>
    public static IReadOnlyList<IReadinessRule> OfDevicesOnTheHost { get; } = [new DeviceBindFailed()];

    /// <summary>Gets the rules about devices that will be released: what the host lacks for passthrough does not matter.</summary>
    /// <remarks>They apply to devices that the domain does not name: those that it names are removed from it, wherever the
    /// device is now.</remarks>
    public static IReadOnlyList<IReadinessRule> OfRelease { get; } = [new DeviceMissing(), new DeviceInUseByDomain()];

    /// <summary>Gets the rules about uses of a device by the host, which are checked before a device is taken from one of the
    /// host's drivers.</summary>
    public static IReadOnlyList<IReadinessRule> OfUse { get; } =
    [
        new DeviceHoldsDisk(),
        new DeviceHoldsExport(),
        new DeviceHoldsVolume(),
        new DeviceHoldsNetwork(),
        new DeviceHasOpenHandles(),
        new DeviceDiskBusy(),
        new DeviceHasVirtualFunctions(),
    ];

    /// <summary>
    /// Gets the rules about devices that go to several domains at once: what the host misses when all are gone. What each domain may have is
    /// asked for each.
    /// </summary>
    public static IReadOnlyList<IReadinessRule> OfSeveralDomains { get; } =
    [
        new DeviceHoldsDisk(),
        new DeviceHoldsExport(),
        new DeviceHoldsVolume(),
        new DeviceHoldsNetwork(),
        new DeviceIsBootDisplay(),
        new DeviceIsConsole(),
        new DeviceHasConsoleKeyboard(),
    ];

    /// <summary>Gets the rules about what is at the addresses of a plan without a domain.</summary>
    public static IReadOnlyList<IReadinessRule> OfAddresses { get; } = [new DeviceMoved(), new DeviceMissing()];

    /// <summary>Gets the rules about devices that will be bound to a driver for guests.</summary>
    public static IReadOnlyList<IReadinessRule> OfBindingToGuests { get; } =
    [
        new DeviceUnresponsive(),
        new DeviceIsBridge(),
        new DeviceBehindVmd(),
        new IommuFirmwareTable(),
        new IommuRebootPending(),
        new IommuParameterForOtherVendor(),
        new IommuDisabledByParameter(),
        new IommuNotEnabled(),
        new IommuInactive(),
        new VfioModuleBlocked(),
        new DeviceWithoutGroup(),
        new DeviceInUseByDomain(),
        .. OfUse,
        new GroupNotViable(),
        new DeviceIsBootDisplay(),
        new DeviceIsConsole(),
        new DeviceHasConsoleKeyboard(),
        new DeviceBindFailed(),
    ];

    /// <summary>
    /// Gets the rules about devices that a driver for guests will take at the next boot: what the host then misses. A guest that has the device
    /// now does not matter.
    /// </summary>
    public static IReadOnlyList<IReadinessRule> OfBindingAtBoot { get; } =
    [
        new DeviceUnresponsive(),
        new DeviceIsBridge(),
        new DeviceBehindVmd(),
        new VfioModuleBlocked(),
        new DeviceHoldsDisk(),
        new DeviceHoldsExport(),
        new DeviceHoldsVolume(),
        new DeviceHoldsNetwork(),
        new DeviceIsBootDisplay(),
        new DeviceIsConsole(),
        new DeviceHasConsoleKeyboard(),
    ];

    /// <summary>Gets the rules about devices that a rule file will bind to vfio-pci at every boot.</summary>
    public static IReadOnlyList<IReadinessRule> OfRuleFiles { get; } = [new PersistenceTooLate()];

    /// <summary>
    /// Gets the rules about devices that a domain takes when it starts. What other domains have is not asked: libvirt, which knows, waits for
    /// the answer.
    /// </summary>
    public static IReadOnlyList<IReadinessRule> OfStart { get; } =
        [new DeviceMissing(), .. OfBindingToGuests.Where(rule => rule is not (DeviceInUseByDomain or DeviceBindFailed))];

    /// <summary>Gets the rules about devices that will be bound to a driver of the host.</summary>
    public static IReadOnlyList<IReadinessRule> OfBindingToHost { get; } = [new DeviceIsBridge(), new DeviceInUseByDomain(), .. OfUse];

    /// <summary>Gets the rules about devices that will be reset.</summary>
    public static IReadOnlyList<IReadinessRule> OfReset { get; } = [new DeviceIsBridge(), new DeviceInUseByDomain(), .. OfUse];

    /// <summary>Gets the rules about the addresses of a release when it is applied.</summary>
    public static IReadOnlyList<IReadinessRule> OfReleasedAddresses { get; } = [new DeviceMoved()];

    /// <summary>Gets the rules about devices that the domain of a release names.</summary>
    public static IReadOnlyList<IReadinessRule> OfReleasedDevices { get; } = [new DomainDeviceByHand()];

    /// <summary>Gets the rules about virtual functions that will be removed and not created again.</summary>
    public static IReadOnlyList<IReadinessRule> OfLeavingFunctions { get; } = [new VirtualFunctionInDefinition()];

    /// <summary>Gets the rules about virtual functions that will be removed and created again.</summary>
    public static IReadOnlyList<IReadinessRule> OfReturningFunctions { get; } = [new VirtualFunctionSettingsLost()];

    /// <summary>Gets all rules: those about devices first, because a bridge stays a bridge when the host is fixed.</summary>
    public static IReadOnlyList<IReadinessRule> All { get; } = [.. OfDevices, .. OfTheHost, .. OfDevicesOnTheHost];
}
