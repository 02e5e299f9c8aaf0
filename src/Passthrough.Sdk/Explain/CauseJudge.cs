using System.Collections.Immutable;
using Passthrough.Sdk.Readiness;

namespace Passthrough.Sdk.Explain;

/// <summary>The text proposes causes, the facts decide.</summary>
/// <param name="context">The host and the devices in question.</param>
/// <param name="finding">Makes findings of causes.</param>
/// <param name="groups">Groups that the error names.</param>
internal sealed class CauseJudge(ReadinessContext context, CauseFinding finding, ImmutableArray<int> groups)
{
    /// <summary>What the domain's definition shows of the causes; null: nothing.</summary>
    public Finding? Stated { get; init; }

    /// <summary>When the emulator was started; null: not known.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>The findings for an error, the root cause first.</summary>
    /// <param name="causes">What the text proposes, the root-most first.</param>
    /// <param name="unspoken">What would have the same effect; it counts where the facts show it.</param>
    public ImmutableArray<Finding> Judge(ImmutableArray<ProposedCause> causes, ImmutableArray<ProposedCause> unspoken)
    {
        var shown = Shown([.. unspoken, .. causes]);
        var unshown = causes.Where(cause => shown.All(found => found.Id != cause.Id && found.Consequences.All(below => below.Id != cause.Id))).ToList();
        var certain = unshown.Where(cause => cause.IsCertain).Select(cause => Excluded(cause) ? finding.Mended(cause) : finding.Certain(cause)).ToList();
        var logged = KernelLogEvidence.For(causes, context, Since);
        if (shown.Length > 0)
        {
            // What the text itself says follows from what the facts show.
            var root = logged?.Id == shown[0].Id ? shown[0] with { Evidence = [.. shown[0].Evidence, .. logged.Evidence] } : shown[0];
            return [root with { Consequences = [.. root.Consequences, .. certain.Select(below => below.AsConsequence())] }, .. shown.Skip(1)];
        }

        if (logged is not null)
        {
            return [logged with { Consequences = [.. certain.Where(other => other.Id != logged.Id).Select(below => below.AsConsequence())] }];
        }

        var open = unshown.Where(cause => !cause.IsCertain && !Excluded(cause)).ToList();
        if (certain.Count > 0)
        {
            return [.. certain, .. open.Select(cause => finding.Undecided(cause, isAlone: false))];
        }

        return open.Count > 0
            ? [.. open.Select(cause => finding.Undecided(cause, isAlone: open.Count == 1))]
            : [.. causes.Take(1).Select(finding.Mended)];
    }

    // A remark of doctor, such as a limit of the user who asked, is no cause of what happened to somebody else.
    private static bool Counts(Finding found) => !found.IsUndetermined && found.Severity > FindingSeverity.Info;

    private bool Excluded(ProposedCause cause) => CauseFacts.Exclude(cause.Id, context, groups);

    /// <summary>What the rules find of that which the text proposes, in the text's order; a consequence goes with its cause if that is proposed too.</summary>
    private ImmutableArray<Finding> Shown(ImmutableArray<ProposedCause> causes)
    {
        var report = ReadinessEngine.Run(ReadinessRules.All, context).Concat(OfGroups()).Where(Counts).ToList();
        var found = ImmutableArray.CreateBuilder<Finding>();
        if (Stated is not null)
        {
            found.Add(finding.Confirmed(Stated));
            report.RemoveAll(other => other.Id == Stated.Id);
        }

        var folded = new HashSet<string>(StringComparer.Ordinal);
        foreach (var cause in causes)
        {
            foreach (var root in report.Where(root => root.Id == cause.Id))
            {
                found.Add(found.Count == 0 ? finding.Confirmed(root) : root);
                folded.UnionWith(root.Consequences.Select(below => below.Id));
            }
        }

        foreach (var below in causes.Where(cause => !folded.Contains(cause.Id)).SelectMany(cause => report.SelectMany(root => root.Consequences).Where(below => below.Id == cause.Id)))
        {
            if (!below.IsUndetermined && found.All(other => other.Id != below.Id))
            {
                found.Add(found.Count == 0 ? finding.Confirmed(below) : below);
            }
        }

        return found.ToImmutable();
    }

    // An error that names a group and no device: whoever is to be given away, the group's other members count.
    private IEnumerable<Finding> OfGroups() => context.Addresses.Length > 0 && context.Devices.Any(device => device.IommuGroup is { } group && groups.Contains(group))
        ? []
        : context.Snapshot.IommuGroups.Where(group => groups.Contains(group.Id)).SelectMany(group => context.Snapshot.CheckGroup(group));
}
