using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Readiness;

namespace Passthrough.Sdk.Explain;

/// <summary>Decides between the causes that a text suggests, by the facts.</summary>
/// <param name="context">The host and the affected devices.</param>
/// <param name="finding">Creates findings for causes.</param>
/// <param name="groups">Groups that the error names.</param>
internal sealed class CauseJudge(ReadinessContext context, CauseFinding finding, ValueList<int> groups)
{
    /// <summary>Gets the cause that the domain's definition shows; null if it shows none.</summary>
    public Finding? Stated { get; init; }

    /// <summary>Gets the message; null if only a number is known.</summary>
    public PatternMatch? Match { get; init; }

    /// <summary>Gets the objects that the text names.</summary>
    public ErrorSubjects? Subjects { get; init; }

    /// <summary>Gets when the emulator was started; null if this is not known.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Returns the findings for an error, the root cause first.</summary>
    /// <param name="causes">The causes that the text suggests, the most fundamental one first.</param>
    /// <param name="unspoken">Causes with the same effect that the text does not name; they count if the facts show them.</param>
    public ValueList<Finding> Judge(ValueList<ProposedCause> causes, ValueList<ProposedCause> unspoken)
    {
        causes = Tested(causes);
        var shown = Shown([.. unspoken, .. causes]);
        var unshown = causes.Where(cause => shown.All(found => found.Id != cause.Id && found.Consequences.All(below => below.Id != cause.Id))).ToList();
        var certain = unshown.Where(cause => cause.IsCertain).Select(cause => Excluded(cause) ? finding.Mended(cause) : finding.Certain(cause)).ToList();
        var logged = KernelLogEvidence.For(causes, context, Since, Match?["mdev"]);
        if (shown.Count > 0)
        {
            // What the text itself says is a consequence of what the facts show.
            var root = logged?.Id == shown[0].Id ? shown[0] with { Evidence = [.. shown[0].Evidence, .. logged.Evidence] } : shown[0];
            return [root with { Consequences = [.. root.Consequences, .. certain.Select(below => below.AsConsequence())] }, .. shown.Skip(1)];
        }

        if (logged is { IsUndetermined: false })
        {
            return [logged with { Consequences = [.. certain.Where(other => other.Id != logged.Id).Select(below => below.AsConsequence())] }];
        }

        var open = unshown.Where(cause => !cause.IsCertain && !Excluded(cause)).ToList();
        if (certain.Count > 0 || logged is not null)
        {
            Finding[] perhaps = logged is null ? [] : [logged];
            return [.. certain, .. perhaps, .. open.Select(cause => finding.Undecided(cause, isAlone: false))];
        }

        return open.Count > 0
            ? [.. open.Select(cause => finding.Undecided(cause, isAlone: open.Count == 1))]
            : [.. causes.Take(1).Select(finding.Mended)];
    }

    // A cause that a fact proves is certain; one that a fact rules out is omitted, unless no other is left.
    private ValueList<ProposedCause> Tested(ValueList<ProposedCause> causes)
    {
        if (Match is null || Subjects is null || causes.All(cause => cause.Test is null))
        {
            return causes;
        }

        var left = new List<ProposedCause>();
        foreach (var cause in causes)
        {
            Evidence? proof = null;
            switch (cause.Test?.Invoke(context, Match, Subjects, out proof))
            {
                case true:
                    left.Add(cause with { IsCertain = true, Proof = proof });
                    break;
                case null:
                    left.Add(cause);
                    break;
            }
        }

        var proven = left.Where(cause => cause.Proof is not null).ToValueList();
        return proven.Count > 0 ? proven : left.Count > 0 ? left.ToValueList() : causes;
    }

    // A note of doctor, such as a limit of the current user, is not the cause of what happened to another process.
    private static bool Counts(Finding found) => !found.IsUndetermined && found.Severity > FindingSeverity.Info;

    private bool Excluded(ProposedCause cause) => cause.Test is null && CauseFacts.Exclude(cause.Id, context, groups);

    /// <summary>Returns the causes suggested by the text that the rules find, in the text's order; a consequence is listed
    /// below its cause if both are suggested.</summary>
    private ValueList<Finding> Shown(ValueList<ProposedCause> causes)
    {
        var report = ReadinessEngine.Run(ReadinessRules.All, context).Concat(OfGroups()).Where(Counts).ToList();
        var found = new List<Finding>();
        if (Stated is not null)
        {
            found.Add(Stated);
            report.RemoveAll(other => other.Id == Stated.Id);
        }

        var folded = new HashSet<string>(StringComparer.Ordinal);
        foreach (var cause in causes)
        {
            foreach (var root in report.Where(root => root.Id == cause.Id))
            {
                found.Add(root);
                folded.UnionWith(root.Consequences.Select(below => below.Id));
            }
        }

        foreach (var below in causes.Where(cause => !folded.Contains(cause.Id)).SelectMany(cause => report.SelectMany(root => root.Consequences).Where(below => below.Id == cause.Id)))
        {
            if (!below.IsUndetermined && found.All(other => other.Id != below.Id))
            {
                found.Add(below);
            }
        }

        // As in doctor: an error by itself comes before a warning.
        var ordered = found.OrderByDescending(cause => cause.Severity == FindingSeverity.Error).ToList();
        return [.. ordered.Take(1).Select(finding.Confirmed), .. ordered.Skip(1)];
    }

    // For an error that names a group and no device, the other members of the group count.
    private IEnumerable<Finding> OfGroups() => context.Addresses.Count > 0 && context.Devices.Any(device => device.IommuGroupId is { } group && groups.Contains(group))
        ? []
        : context.Snapshot.IommuGroups.Where(group => groups.Contains(group.Id)).SelectMany(group => context.Snapshot.CheckGroup(group));
}
