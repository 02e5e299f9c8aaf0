using Microsoft.Extensions.Logging;
using Passthrough.Sdk.Drivers.Records;
using Passthrough.Sdk.Assignment.Steps;
using Passthrough.Sdk.Drivers;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Hostdev.Xml;
using Passthrough.Sdk.Libvirt;
using Passthrough.Sdk.Libvirt.Native;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Plans;
using Passthrough.Sdk.Plans.Journal;
using Passthrough.Sdk.Readiness;
using Passthrough.Sdk.Sysfs;

namespace Passthrough.Sdk.Assignment;

/// <summary>Recovers plans for domains.</summary>
internal sealed class AssignmentRecovery(
    ISysfs sysfs, Func<PciAddress, ValueList<Finding>> askUse, Func<string, ILibvirtConnection> open, PlanOptions options, TimeProvider time, ILogger logger) : IEntryRecovery
{
    private readonly DriverWatch _drivers = new(sysfs, time, askUse);
    private readonly BindingRecords _records = new(options.JournalDirectory, sysfs);

    public bool Handles(JournalEntry entry) => entry is { VirtualFunctions: null, Boot: null };

    public async Task<PlanRecovery> RecoverAsync(PlanJournal journal, JournalEntry entry, PlanRecovery outcome)
    {
        var (notUndone, note) = await UndoAsync(entry).ConfigureAwait(false);
        if (notUndone.IsEmpty)
        {
            journal.Remove(entry);
        }

        return outcome with { NotUndone = notUndone, Note = note };
    }

    /// <summary>Undoes the steps of an entry, and leaves it in the journal.</summary>
    /// <returns>The steps that could not be undone, and additional information, or null.</returns>
    public async Task<(ValueList<StepNotUndone> NotUndone, string? Note)> UndoAsync(JournalEntry entry)
    {
        if (!entry.Steps.IsEmpty && !entry.Steps.Any(step => step.Number <= entry.Begun))
        {
            // A later part of a plan for several domains: its domain was not touched, whatever has become of it since.
            AssignmentUndo.ForgetRecords(_records, entry);
            return ([], null);
        }

        var (domain, close) = await OpenAsync(entry).ConfigureAwait(false);
        var calls = new DomainCalls(domain, options, time);
        try
        {
            var trail = new DefinitionTrail(entry.DefinitionBefore, entry.DefinitionLeft);
            var notUndone = await new AssignmentUndo(calls, _drivers, _records, options, logger).UndoStepsAsync(entry, trail, progress: null).ConfigureAwait(false);
            return (notUndone, NoteOf(entry, domain));
        }
        finally
        {
            // A connection with a call under way is left to it: to close it would wait for libvirt.
            if (!calls.IsBusy)
            {
                close();
            }
        }
    }

    private string? NoteOf(JournalEntry entry, IAssignmentDomain domain)
    {
        var notes = new List<string>();
        if (domain is VanishedDomain)
        {
            notes.Add($"the domain {entry.Domain} no longer exists; only the changes to the host were undone");
        }
        else if (domain.Name != entry.Domain)
        {
            notes.Add($"the domain {entry.Domain} is now called {domain.Name}");
        }

        if (_records.IsOfThisBoot(entry.BootId) == false)
        {
            notes.Add("the host was rebooted after the plan began; the drivers of the devices were left unchanged");
        }

        return notes.Count == 0 ? null : string.Join("; ", notes);
    }

    private async Task<(IAssignmentDomain Domain, Action Close)> OpenAsync(JournalEntry entry)
    {
        var opening = Offload.Run<(IAssignmentDomain, Action)>(
            () =>
            {
                var connection = open(entry.Connection);
                try
                {
                    var domain = Find(connection, entry);
                    return domain is null
                        ? (new VanishedDomain(connection, entry.Domain, sysfs), connection.Dispose)
                        : (new LibvirtAssignmentDomain(domain, sysfs), () =>
                        {
                            domain.Dispose();
                            connection.Dispose();
                        });
                }
                catch
                {
                    connection.Dispose();
                    throw;
                }
            },
            CancellationToken.None);
        try
        {
            return await opening.WaitAsync(options.LibvirtTimeout, time).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            return opening.IsCompleted
                ? await opening.ConfigureAwait(false)
                : throw LibvirtTimeoutException.Of(entry.Connection, "open a connection", options.LibvirtTimeout);
        }
    }

    // A new name leaves the UUID as it is. A domain of the same name with another UUID was made since: it has nothing to do with the plan.
    private static ILibvirtDomain? Find(ILibvirtConnection connection, JournalEntry entry)
    {
        var uuid = entry.DomainUuid ?? (Guid.TryParse(TextOf(entry.DefinitionBefore, "uuid"), out var defined) ? defined : null);
        var isFound = uuid is { } known ? connection.TryGetDomain(known, out var domain) : connection.TryGetDomain(entry.Domain, out domain);
        if (!isFound || domain!.Name == entry.Domain || TextOf(entry.DefinitionBefore, "name") == entry.Domain)
        {
            return domain;
        }

        // The entry is about a domain of another name than its definition has: nobody knows which of the two is meant.
        domain.Dispose();
        return null;
    }

    private static string? TextOf(string definition, string name)
    {
        if (definition.Length > 0)
        {
            foreach (var child in XmlTree.Parse(definition).Root.Children)
            {
                if (child.Name.SequenceEqual(name))
                {
                    return child.Value.Trim();
                }
            }
        }

        return null;
    }
}
