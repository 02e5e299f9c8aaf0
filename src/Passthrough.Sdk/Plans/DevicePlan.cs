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
    }

    /// <summary>The changes, one for each step.</summary>
    internal ValueList<HostChange> Changes { get; }

    /// <summary>What was asked for, from which the plan can be made again.</summary>
    internal PlanDocumentRequest Request { get; init; } = new();

    /// <summary>The URI of the libvirt that was asked; null if none was.</summary>
    internal string? Connection { get; init; }

    private protected override PlanDocument Complete(PlanDocument document) => document with { Request = Request, Connection = Connection };

    private protected override Task RunAsync(IProgress<PlanProgress>? progress, CancellationToken cancellationToken) => _apply(this, progress, cancellationToken);
}
