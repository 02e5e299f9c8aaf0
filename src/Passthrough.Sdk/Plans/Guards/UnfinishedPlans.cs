using System.Globalization;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Plans.Journal;
using Passthrough.Sdk.Readiness;

namespace Passthrough.Sdk.Plans.Guards;

/// <summary>Unfinished plans in the journal as findings: no new plan may begin for their devices or their domain.</summary>
internal static class UnfinishedPlans
{
    private const string BootWayOut = "undo it (PassthroughHost.PlanBootRevert or RecoverAsync), then make the plan again";

    private const string WayOut = "undo it (PassthroughHost.RecoverAsync), then make the plan again";

    /// <summary>Selects the plans for these devices or this domain.</summary>
    /// <param name="devices">The devices.</param>
    /// <param name="domain">The domain's name; null for none.</param>
    /// <param name="uuid">The domain's UUID, which stays when the domain gets another name; null if it is not known.</param>
    public static Func<JournalEntry, bool> About(IReadOnlyCollection<PciAddress> devices, string? domain, Guid? uuid) =>
        entry => IsOf(entry, domain, uuid) || entry.PartsOrNone.Any(part => IsOf(part, domain, uuid)) || entry.Devices.Any(device => devices.Contains(device.Address));

    /// <summary>Returns the findings about unfinished plans that block another plan.</summary>
    public static ValueList<Finding> Find(JournalContent journal, Func<JournalEntry, bool> blocks) =>
    [
        .. journal.Entries
            .Where(blocks)
            .Select(entry => FindingFactory.Of(
                [.. entry.Devices.Select(device => device.Address)],
                FindingIds.PlanUnfinished,
                FindingSeverity.Error,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"a plan for {entry.Subject}, begun {entry.StartedAt:yyyy-MM-dd HH:mm:ss} UTC, is not finished"),
                journal.Holder is { } holder ? $"wait for {holder}, which is applying a plan" : entry.Boot is null ? WayOut : BootWayOut,
                new Evidence(entry.Path, $"{entry.Begun} of {entry.Steps.Length} steps begun"))),
        .. journal.Unreadable.Select(unreadable => FindingFactory.OfHost(
            FindingIds.PlanUnfinished,
            FindingSeverity.Error,
            $"the journal entry {unreadable.Path} cannot be read ({unreadable.Reason}) and may concern any device",
            unreadable.IsNewer ? "undo it with the newer version that wrote it" : WayOut,
            new Evidence(unreadable.Path, unreadable.Reason))),
    ];

    /// <summary>Returns the same before a plan is applied, without the journal's lock; undetermined if the journal cannot be read.</summary>
    public static ValueList<Finding> Peek(string directory, IReadOnlyCollection<PciAddress> devices, string? domain, Guid? uuid) =>
        Peek(directory, About(devices, domain, uuid), string.Join(", ", devices), devices);

    /// <summary>Returns the same for the selected plans.</summary>
    /// <param name="directory">The journal's directory.</param>
    /// <param name="blocks">Selects the plans that block another plan.</param>
    /// <param name="subject">The name of the subject of the plan.</param>
    /// <param name="devices">The devices that it concerns.</param>
    public static ValueList<Finding> Peek(string directory, Func<JournalEntry, bool> blocks, string subject, IReadOnlyCollection<PciAddress> devices)
    {
        try
        {
            return Find(PlanJournal.Peek(directory), blocks);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return
            [
                new()
                {
                    Id = FindingIds.PlanUnfinished,
                    Severity = FindingSeverity.Info,
                    Title = $"cannot tell whether a plan for {subject} is unfinished: {directory} cannot be read ({e.Message})",
                    Remedy = "run as root",
                    Evidence = [new Evidence(directory, $"unknown: {e.Message}")],
                    IsUndetermined = true,
                    Devices = [.. devices],
                },
            ];
        }
    }

    // The name alone decides only where one of the UUIDs is missing: another hypervisor may have a domain of the same name.
    private static bool IsOf(JournalEntry entry, string? domain, Guid? uuid) =>
        domain is not null && (uuid is { } ours && entry.DomainUuid is { } theirs ? ours == theirs : entry.Domain == domain);
}
