using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Plans.Journal;
using Passthrough.Sdk.Readiness;

namespace Passthrough.Sdk.Plans.Guards;

/// <summary>The subject of a plan: its devices and domain, and how its guards are checked again.</summary>
/// <param name="Devices">The devices that the plan changes.</param>
/// <param name="Domain">The domain that the plan changes; null if it changes none.</param>
/// <param name="DomainUuid">The UUID of that domain; null if it is not known.</param>
/// <param name="AskGuards">Captures the host again and checks the guards of this kind of plan. A kind without devices has none.</param>
internal sealed record PlanSubject(ValueList<PciAddress> Devices, string? Domain, Guid? DomainUuid, Func<ValueList<Finding>> AskGuards)
{
    /// <summary>
    /// The findings that the plan showed: an accepted id applies only to these, and not to later ones. Null if nothing
    /// was shown; then every finding with an accepted id is accepted.
    /// </summary>
    public ValueList<Finding>? Shown { get; init; }

    /// <summary>Returns whether an unfinished plan in the journal blocks this one. By default, a plan for one of its devices or its domain does.</summary>
    public Func<JournalEntry, bool> Blocks { get; init; } = UnfinishedPlans.About(Devices, Domain, DomainUuid);

    /// <summary>Called first, with the journal locked: removes entries that have provably changed nothing.</summary>
    public Action<PlanJournal> Settle { get; init; } = _ => { };

    /// <summary>Throws if the plan no longer matches the host or the domain. Called before the guards, which are checked immediately before the first step.</summary>
    public Func<CancellationToken, Task> RefuseStaleAsync { get; init; } = _ => Task.CompletedTask;
}
