using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Readiness;

namespace Passthrough.Sdk.Explain;

/// <summary>Creates findings for causes that the text of an error names.</summary>
/// <param name="filler">Fills titles and remedies.</param>
/// <param name="evidence">The message, as evidence.</param>
/// <param name="message">The message.</param>
internal sealed class CauseFinding(TitleFiller filler, ValueList<Evidence> evidence, string message)
{
    /// <summary>Gets the processes that have the group of an affected device open.</summary>
    public ValueList<Evidence> Holders { get; init; } = [];

    /// <summary>Gets the affected devices.</summary>
    public ValueList<PciAddress> Devices { get; init; } = [];

    /// <summary>Creates the finding for a cause that the text proves.</summary>
    public Finding Certain(ProposedCause cause) => Make(cause, TitleOf(cause), RemedyOf(cause), FindingSeverity.Error, undetermined: false);

    /// <summary>Creates the finding for a cause that the text suggests and the facts do not decide.</summary>
    /// <param name="cause">The cause.</param>
    /// <param name="isAlone">Whether no other cause is left.</param>
    public Finding Undecided(ProposedCause cause, bool isAlone)
    {
        var description = FindingCatalog.Find(cause.Id);
        var how = description is null ? "" : $". To confirm it, check: {description.Detection}";
        return Make(cause, $"{(isAlone ? "probably" : "perhaps")}: {TitleOf(cause)}", $"{RemedyOf(cause).TrimEnd('.')}{how}", FindingSeverity.Warning, undetermined: true);
    }

    /// <summary>Creates the finding for a cause that existed when the message was written but that the facts no longer show.</summary>
    public Finding Mended(ProposedCause cause) => Make(
        cause,
        $"the facts of this host do not (or no longer) show the cause: {TitleOf(cause)}",
        $"try again, because it may have been fixed since; if it fails again, capture this host right afterwards. {RemedyOf(cause)}",
        FindingSeverity.Warning,
        undetermined: true);

    /// <summary>Creates a finding from the facts that explains the error, with the message as additional evidence.</summary>
    public Finding Confirmed(Finding finding) => finding with { Severity = FindingSeverity.Error, Evidence = [.. finding.Evidence, .. evidence] };

    private Finding Make(ProposedCause cause, string title, string remedy, FindingSeverity severity, bool undetermined) => new()
    {
        Id = cause.Id,
        Severity = severity,
        Title = title,
        Remedy = remedy,
        Evidence = [.. evidence, .. cause.Proof is { } proof ? [proof] : (Evidence[])[], .. cause.Id == FindingIds.GroupBusy ? Holders : []],
        IsUndetermined = undetermined,
        Devices = CauseScope.IsOfDevices(cause.Id) ? [.. Devices] : [],
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
