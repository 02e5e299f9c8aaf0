using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Plans.Guards;
using Passthrough.Sdk.Plans.Journal;

namespace Passthrough.Sdk.Plans.Changes;

/// <summary>The kinds of steps that plans are made of, by kind.</summary>
/// <param name="all">One of each kind.</param>
internal sealed class ChangeSteps(params ValueList<ChangeStep> all)
{
    /// <summary>Returns the step of a kind.</summary>
    /// <exception cref="PassthroughException">This version does not know the kind: a newer version wrote the entry.</exception>
    public ChangeStep For(PlanStepKind kind) =>
        all.FirstOrDefault(step => step.Kind == kind)
        ?? throw new PassthroughException($"this version does not know the step {kind}; recover with the version that began the plan");

    /// <summary>Returns what selects the unfinished plans that block a plan: those for one of its devices, or for a thing that a step of both names.</summary>
    /// <param name="devices">The devices of the plan.</param>
    /// <param name="changes">Its changes.</param>
    public Func<JournalEntry, bool> Blocking(ValueList<PciAddress> devices, ValueList<HostChange> changes)
    {
        var named = changes.Where(change => For(change.Kind).NamesSubject).Select(change => change.Name).ToHashSet(StringComparer.Ordinal);
        var about = UnfinishedPlans.About(devices, domain: null, uuid: null);
        return entry => about(entry)
            || (!entry.Changes.IsDefaultOrEmpty && entry.Changes.Any(change => named.Contains(change.Name) && all.Any(step => step.Kind == change.Kind && step.NamesSubject)));
    }

    /// <summary>Describes changes as the steps of a plan.</summary>
    public ValueList<PlanStep> Describe(ValueList<HostChange> changes) =>
        [.. changes.Select((change, i) => For(change.Kind).Describe(i + 1, change))];
}
