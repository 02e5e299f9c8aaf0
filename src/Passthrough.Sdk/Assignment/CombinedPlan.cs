using Passthrough.Sdk.Assignment.Together;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Plans;
using Passthrough.Sdk.Plans.Guards;
using Passthrough.Sdk.Plans.Saved;
using Passthrough.Sdk.Readiness;

namespace Passthrough.Sdk.Assignment;

/// <summary>A plan that assigns devices to several domains, or releases them, as one: if a step for one domain fails, the steps for all domains are undone.</summary>
/// <remarks>
/// It has one entry in the journal, so recovery after a crash undoes the changes of all domains too. If a guard refuses a part, the whole plan is
/// refused. Thread safety: as <see cref="Plan"/>.
/// </remarks>
public sealed class CombinedPlan : Plan
{
    private readonly CombinedExecutor _executor;

    internal CombinedPlan(string connection, ValueList<AssignmentPlan> parts, ValueList<Finding> findings, CombinedExecutor executor)
        : base(
            PlanKind.Combined,
            string.Join("; ", parts.Select(part => part.Purpose)),
            [.. parts.SelectMany(part => part.Devices)],
            [.. parts.SelectMany(part => part.Steps).Select((step, i) => step with { Number = i + 1 })],
            findings,
            executor.Accepted)
    {
        Connection = connection;
        Parts = parts;
        _executor = executor;
    }

    /// <summary>Gets the hypervisor's URI (<c>virsh uri</c>).</summary>
    public string Connection { get; }

    /// <summary>
    /// Gets the plan of each domain, in the order in which they are applied. Their steps are those of this plan, counted from 1 in each part. Apply
    /// this plan and not its parts.
    /// </summary>
    public ValueList<AssignmentPlan> Parts { get; }

    /// <summary>Returns the steps of a part with their numbers in this plan.</summary>
    internal ValueList<PlanStep> StepsOf(AssignmentPlan part)
    {
        var first = Parts.TakeWhile(other => other != part).Sum(other => other.Steps.Count);
        return [.. Steps.Skip(first).Take(part.Steps.Count)];
    }

    /// <summary>Returns the ids of the accepted findings about a device of a part. Some of them only the parts together show.</summary>
    internal ValueList<string> OverruledFor(AssignmentPlan part, ValueList<string> accepted) =>
        PlanGuards.Overruled(Findings.Where(finding => finding.Devices.Any(part.Devices.Contains)), accepted);

    private protected override PlanDocument Complete(PlanDocument document) => document with
    {
        Connection = Connection,
        Domains = [.. Parts.Select(part => new PlanDocumentDomain(part.Kind, part.Domain, part.DomainUuid, [.. part.Devices], part.Request))],
    };

    private protected override Task RunAsync(IProgress<PlanProgress>? progress, CancellationToken cancellationToken) =>
        _executor.ApplyAsync(this, progress, cancellationToken);
}
