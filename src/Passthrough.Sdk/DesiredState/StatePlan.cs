using System.Text;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Plans;
using Passthrough.Sdk.Plans.Saved;

namespace Passthrough.Sdk.DesiredState;

/// <summary>A plan that makes a host as a state says. It consists of plans of other kinds, and has no steps if there is nothing to do.</summary>
/// <remarks>
/// <para>
/// Each part is applied as a plan of its own, with its own entry in the journal. If a part fails, it is taken back whole, and the parts before it
/// stay, because each brings the host closer to the state; applying the state again continues. If a guard refuses a part, the whole plan is
/// refused before anything is done.
/// </para>
/// <para>
/// After the parts, the state is planned again, and what was <see cref="Deferred"/> is applied, until nothing is left to do, at most five times. The
/// progress counts the steps on. The plan is applied from the state and not from its JSON, which shows only the first of these rounds:
/// <see cref="PassthroughHost.PlanAgain"/> refuses it. Thread safety: as <see cref="Plan"/>.
/// </para>
/// </remarks>
public sealed class StatePlan : Plan
{
    private readonly Func<StatePlan, IProgress<PlanProgress>?, CancellationToken, Task> _apply;

    internal StatePlan(StateDraft draft, ValueList<string> accepted, Func<StatePlan, IProgress<PlanProgress>?, CancellationToken, Task> apply)
        : base(
            PlanKind.State,
            "make the host as its desired state says",
            [.. draft.Parts.SelectMany(part => part.Devices).Distinct()],
            [.. draft.Parts.SelectMany(part => part.Steps).Select((step, i) => step with { Number = i + 1 })],
            draft.Findings,
            accepted)
    {
        State = draft.State;
        Report = draft.Report;
        Parts = draft.Parts;
        Deferred = draft.Deferred;
        AwaitsReboot = draft.AwaitsReboot;
        _apply = apply;
    }

    /// <summary>Gets the state.</summary>
    public HostState State { get; }

    /// <summary>Gets how the host differed from the state when the plan was made.</summary>
    public StateReport Report { get; }

    /// <summary>Gets the parts in the order in which they are applied; a part that a guard refuses is among them.</summary>
    public ValueList<Plan> Parts { get; }

    /// <summary>Gets the changes that are planned later: when the parts are applied, or after a reboot.</summary>
    public ValueList<StateDeferral> Deferred { get; }

    /// <summary>Gets what takes effect with the next boot, a phrase each: it is prepared already, or by this plan.</summary>
    public ValueList<string> AwaitsReboot { get; }

    /// <summary>Returns a readable description of the plan with its findings, its steps, and what follows later.</summary>
    public override string ToString()
    {
        var text = new StringBuilder(base.ToString());
        foreach (var later in Deferred)
        {
            text.Append(later.AwaitsReboot ? "  after a reboot: " : "  then: ").Append(later).Append('\n');
        }

        foreach (var awaited in AwaitsReboot)
        {
            text.Append("  takes effect with a reboot: ").Append(awaited).Append('\n');
        }

        return text.ToString();
    }

    private protected override string NothingToDo => Report.IsAsStated == true ? base.NothingToDo : "nothing can be done now; the findings say why the host is not, or may not be, as the state says";

    private protected override PlanDocument Complete(PlanDocument document) => document with
    {
        State = new()
        {
            Parts = [.. Parts.Select(part => new PlanDocumentPart(part.Kind, part.Purpose, part.Steps.Count))],
            Deferred = [.. Deferred.Select(later => new PlanDocumentDeferral(later.Description, later.Device, later.AwaitsReboot))],
            AwaitsReboot = [.. AwaitsReboot],
        },
    };

    private protected override Task RunAsync(IProgress<PlanProgress>? progress, CancellationToken cancellationToken) => _apply(this, progress, cancellationToken);
}
