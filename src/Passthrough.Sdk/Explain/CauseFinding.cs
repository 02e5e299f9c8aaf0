using System.Collections.Immutable;
using Passthrough.Sdk.Readiness;

namespace Passthrough.Sdk.Explain;

/// <summary>Makes findings of causes that the text of an error names.</summary>
/// <param name="filler">Fills titles and remedies.</param>
/// <param name="evidence">The message, as evidence.</param>
/// <param name="message">The message.</param>
internal sealed class CauseFinding(TitleFiller filler, ImmutableArray<Evidence> evidence, string message)
{
    /// <summary>The processes that have the group of a device in question open.</summary>
    public ImmutableArray<Evidence> Holders { get; init; } = [];

    /// <summary>The text leaves no doubt.</summary>
    public Finding Certain(ProposedCause cause) => Make(cause, TitleOf(cause), RemedyOf(cause), FindingSeverity.Error, undetermined: false);

    /// <summary>The text proposes it, and the facts do not decide.</summary>
    /// <param name="cause">The cause.</param>
    /// <param name="isAlone">Whether nothing else is left.</param>
    public Finding Undecided(ProposedCause cause, bool isAlone)
    {
        var description = FindingCatalog.Find(cause.Id);
        var how = description is null ? "" : $". To tell: {description.Detection}";
        return Make(cause, $"{(isAlone ? "probably" : "perhaps")}: {TitleOf(cause)}", $"{RemedyOf(cause).TrimEnd('.')}{how}", FindingSeverity.Warning, undetermined: true);
    }

    /// <summary>It was so when the message was written, and the facts do not show it now.</summary>
    public Finding Mended(ProposedCause cause) => Make(
        cause,
        $"the facts of this host do not show the cause (any more): {TitleOf(cause)}",
        $"try again: it may have been mended since; if it fails again, capture the host right after, on the very machine. {RemedyOf(cause)}",
        FindingSeverity.Warning,
        undetermined: true);

    /// <summary>A finding of the facts that explains the error: with the message beside its evidence.</summary>
    public Finding Confirmed(Finding finding) => finding with { Severity = FindingSeverity.Error, Evidence = [.. finding.Evidence, .. evidence] };

    private Finding Make(ProposedCause cause, string title, string remedy, FindingSeverity severity, bool undetermined) => new()
    {
        Id = cause.Id,
        Severity = severity,
        Title = title,
        Remedy = remedy,
        Evidence = cause.Id == FindingIds.GroupBusy ? [.. evidence, .. Holders] : evidence,
        IsUndetermined = undetermined,
    };

    private string TitleOf(ProposedCause cause)
    {
        if (cause.Title is not null)
        {
            return filler.Fill(cause.Title);
        }

        var title = FindingCatalog.Find(cause.Id)?.Title ?? cause.Id;
        return cause.Id == FindingIds.DomainConfigInvalid && message.Length > 0 ? $"{title}: {message}" : title;
    }

    private string RemedyOf(ProposedCause cause) =>
        cause.Remedy is not null ? filler.Fill(cause.Remedy) : FindingCatalog.Find(cause.Id)?.Remedy ?? "";
}
