using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Plans.Changes;
using Passthrough.Sdk.Plans.Saved;
using Passthrough.Sdk.Readiness;

namespace Passthrough.Sdk.Plans;

/// <summary>
/// A plan that changes devices of the host without a domain: it binds them to drivers or resets them. <see cref="Plan.Kind"/> says
/// which, and <see cref="Plan.Steps"/> what is done.
/// </summary>
/// <remarks>
/// The changes of the kernel's state do not survive a reboot. If a step fails, it and all steps before it are undone. Thread safety: as
/// <see cref="Plan"/>.
/// </remarks>
public sealed class DevicePlan : Plan
{
    private readonly Func<DevicePlan, IProgress<PlanProgress>?, CancellationToken, Task> _apply;
    private readonly ValueList<string> _accepted;

    internal DevicePlan(
        PlanKind kind,
        string purpose,
        ValueList<PciAddress> devices,
        ValueList<HostChange> changes,
        ChangeSteps steps,
        ValueList<Finding> findings,
        ValueList<string> accepted,
        Func<DevicePlan, IProgress<PlanProgress>?, CancellationToken, Task> apply)
        : base(kind, purpose, devices, steps.Describe(changes), findings, accepted)
    {
        Changes = IsRefused ? [] : changes;
        _apply = apply;
        _accepted = accepted;
    }

    private DevicePlan(DevicePlan plan, ValueList<Finding> findings)
        : base(plan.Kind, plan.Purpose, plan.Devices, plan.Steps, findings, plan._accepted)
    {
        Changes = IsRefused ? [] : plan.Changes;
        (_apply, _accepted, Request, Connection, Origin) = (plan._apply, plan._accepted, plan.Request, plan.Connection, plan.Origin);
    }

    /// <summary>The changes, one for each step.</summary>
    internal ValueList<HostChange> Changes { get; }

    /// <summary>What was asked for, from which the plan can be made again.</summary>
    internal PlanDocumentRequest Request { get; init; } = new();

    /// <summary>The URI of the libvirt that was asked; null if none was.</summary>
    internal string? Connection { get; init; }

    /// <summary>Returns the same plan with findings that it has as a part of a larger one: they refuse it, or are accepted, as its own do.</summary>
    internal DevicePlan With(ValueList<Finding> more) => new(this, [.. Findings, .. more]);

    private protected override PlanDocument Complete(PlanDocument document) => document with { Request = Request, Connection = Connection };

    private protected override Task RunAsync(IProgress<PlanProgress>? progress, CancellationToken cancellationToken) => _apply(this, progress, cancellationToken);
}
