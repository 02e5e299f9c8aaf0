namespace Passthrough.Sdk.Telemetry;

/// <summary>The names of the attributes. Those of a metric have few values; those with addresses, names and texts stand only on activities.</summary>
internal static class Tag
{
    public const string ErrorType = "error.type";

    public const string HostSource = "passthrough.host.source";
    public const string CaptureScope = "passthrough.capture.scope";
    public const string CaptureDevices = "passthrough.capture.device_count";
    public const string CaptureGroups = "passthrough.capture.iommu_group_count";
    public const string CaptureUnread = "passthrough.capture.unread_count";

    public const string PlanKind = "passthrough.plan.kind";
    public const string PlanOutcome = "passthrough.plan.outcome";
    public const string PlanPurpose = "passthrough.plan.purpose";
    public const string PlanStepCount = "passthrough.plan.step_count";

    public const string StepKind = "passthrough.plan.step.kind";
    public const string StepOutcome = "passthrough.plan.step.outcome";
    public const string StepNumber = "passthrough.plan.step.number";
    public const string StepDescription = "passthrough.plan.step.description";

    public const string RecoveryEntries = "passthrough.recovery.entry_count";
    public const string RecoveryLeft = "passthrough.recovery.left_count";

    public const string LibvirtUri = "passthrough.libvirt.uri";
}
