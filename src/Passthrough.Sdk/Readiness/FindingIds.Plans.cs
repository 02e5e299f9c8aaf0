namespace Passthrough.Sdk.Readiness;

/// <content>Findings about plans themselves.</content>
public static partial class FindingIds
{
    /// <summary>The journal contains an unfinished plan for the device or the domain; new plans are refused until it is undone.</summary>
    public const string PlanUnfinished = "plan.unfinished";

    /// <summary>The device can be reset only together with other functions of its bus, so its reset is refused.</summary>
    public const string DeviceResetReachesOthers = "device.reset-reaches-others";
}
