namespace Passthrough.Sdk.Readiness;

/// <content>Findings about plans themselves.</content>
public static partial class FindingIds
{
    /// <summary>The journal contains an unfinished plan for the device or the domain; new plans are refused until it is undone.</summary>
    public const string PlanUnfinished = "plan.unfinished";

    /// <summary>A device that was not named is assigned too: a function of the same card, or a member of the same IOMMU group.</summary>
    public const string PlanDeviceComesAlong = "plan.device-comes-along";

    /// <summary>The functions of a card get slots of their own in the running guest; they share one from its next start on.</summary>
    public const string PlanFunctionsApart = "plan.functions-apart";

    /// <summary>The definition loses function 0 of a slot and keeps others of it, which the guest does not see from its next start on.</summary>
    public const string PlanFunctionsHidden = "plan.functions-hidden";

    /// <summary>libvirt does not manage the device, and no rule of this library binds it at every boot.</summary>
    public const string PlanNotBoundAtBoot = "plan.not-bound-at-boot";

    /// <summary>The definition keeps a device that libvirt does not manage there, and its unplugging returns it to the host's driver.</summary>
    public const string PlanNotBoundAtStart = "plan.not-bound-at-start";

    /// <summary>The device shares a slot of the running guest with another one, so libvirt cannot unplug it.</summary>
    public const string PlanSharedSlot = "plan.shared-slot";

    /// <summary>The device can be reset only together with other functions of its bus, so its reset is refused.</summary>
    public const string DeviceResetReachesOthers = "device.reset-reaches-others";
}
