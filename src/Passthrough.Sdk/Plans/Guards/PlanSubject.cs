using System.Collections.Immutable;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Plans.Journal;
using Passthrough.Sdk.Readiness;

namespace Passthrough.Sdk.Plans.Guards;

/// <summary>What a plan is about, and how its guards are asked again.</summary>
/// <param name="Devices">The devices that the plan changes.</param>
/// <param name="Domain">The domain that the plan changes; null if it changes none.</param>
/// <param name="AskGuards">Captures the host afresh, open handles included, and asks the guards of this kind of plan.</param>
internal sealed record PlanSubject(ImmutableArray<PciAddress> Devices, string? Domain, Func<ImmutableArray<Finding>> AskGuards)
{
    /// <summary>
    /// The findings that the plan showed: an accepted id counts for these only, and not for what has come since. Null if nothing
    /// was shown, so that every finding of an accepted id counts.
    /// </summary>
    public ImmutableArray<Finding>? Shown { get; init; }

    /// <summary>Whether an unfinished plan in the journal is in the way. By default, one that is about a device or the domain of this one.</summary>
    public Func<JournalEntry, bool> Blocks { get; init; } = UnfinishedPlans.About(Devices, Domain);

    /// <summary>Called first, with the journal locked: removes entries that have provably changed nothing.</summary>
    public Action<PlanJournal> Settle { get; init; } = _ => { };

    /// <summary>Throws if the plan no longer fits the host or the domain; asked before the guards, which come last before the first step.</summary>
    public Func<CancellationToken, Task> RefuseStaleAsync { get; init; } = _ => Task.CompletedTask;
}
