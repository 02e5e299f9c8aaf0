using Passthrough.Sdk.Boot;
using Passthrough.Sdk.Boot.Files;
using Passthrough.Sdk.BootChanges;
using Passthrough.Sdk.BootChanges.History;
using Passthrough.Sdk.BootChanges.Steps;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Host;
using Passthrough.Sdk.Plans;
using Passthrough.Sdk.Plans.Guards;
using Passthrough.Sdk.Plans.Journal;
using Passthrough.Sdk.Readiness;

namespace Passthrough.Sdk;

/// <content>The boot configuration: kernel parameters and modules.</content>
public sealed partial class PassthroughHost
{
    /// <inheritdoc/>
    public BootConfiguration ReadBootConfiguration() => BootConfiguration.Of(FilesDirectory is { } directory ? BootFiles.Open(directory) : BootFiles.View(Sysfs));

    /// <inheritdoc/>
    public BootPlan PlanBoot(BootChange change, PlanOptions? options = null) => PlanBootWatched(change, options, beforeWrite: null);

    /// <inheritdoc/>
    public BootPlan PlanBootRevert(PlanOptions? options = null) => PlanBootRevertWatched(options, beforeWrite: null);

    /// <summary>The same as <see cref="PlanBoot"/>, and tells of every write before it happens: a test lets one fail.</summary>
    internal BootPlan PlanBootWatched(BootChange change, PlanOptions? options, Action<string>? beforeWrite)
    {
        ArgumentNullException.ThrowIfNull(change);
        var files = OpenBootFiles(beforeWrite);
        options = CheckedForBoot(options, files);
        var history = new BootHistory(options.JournalDirectory, files);
        var draft = BootConfiguration.Of(files).Draft(change);

        // Early binding takes devices from the host at the next boot: all that have the ids.
        ValueList<Finding> Judge() => change.EarlyBinding is { } binding ? EarlyBinding.Judge(Capture(new CaptureOptions { AllDetails = true }), binding) : [];
        return new(
            PlanKind.Boot,
            BootPlanner.PurposeOf(change),
            draft,
            LeavesBootCommands,
            BootPlanner.StepsOf(draft, files, LeavesBootCommands),
            [.. UnfinishedPlans.Peek(options.JournalDirectory, entry => BootUnfinished.Blocks(entry, history), "the boot configuration", devices: []), .. Judge()],
            options.Accepted,
            (plan, progress, cancellationToken) => ApplyAsync(plan, files, history, target: null, Judge, options, progress, cancellationToken))
        {
            Change = change,
            Origin = OriginOf([], options),
        };
    }

    /// <summary>The same as <see cref="PlanBootRevert"/>, and tells of every write before it happens: a test lets one fail.</summary>
    internal BootPlan PlanBootRevertWatched(PlanOptions? options, Action<string>? beforeWrite)
    {
        var files = OpenBootFiles(beforeWrite);
        options = CheckedForBoot(options, files);
        var history = new BootHistory(options.JournalDirectory, files);
        var target = BootTarget.Find(history, name => UnfinishedBoot(options.JournalDirectory, name));
        var draft = target is null ? new([], [], [], []) : BootPlanner.DraftOf(target, files, history);
        return new(
            PlanKind.RevertBoot,
            BootPlanner.PurposeOf(target),
            draft,
            LeavesBootCommands,
            target is null ? [] : BootPlanner.StepsOf(draft, target, files, history, LeavesBootCommands),
            UnfinishedPlans.Peek(
                options.JournalDirectory, entry => BootUnfinished.Blocks(entry, history) && entry.Id != target?.Unfinished?.Id, "the boot configuration", devices: []),
            options.Accepted,
            (plan, progress, cancellationToken) => ApplyAsync(plan, files, history, target, () => [], options, progress, cancellationToken))
        {
            Origin = OriginOf([], options),
        };
    }

    // Only this machine's own commands act on it. The files of a directory or a fake are those of another host.
    private bool LeavesBootCommands => !IsLocal || _fake is not null;

    private BootRecovery BootRecoveryOf(PlanOptions options)
    {
        var files = OpenBootFiles(beforeWrite: null);
        return new(files, new(options.JournalDirectory, files), new RunBootCommand(LeavesBootCommands, options, _time), LoggerOf(options));
    }

    private Task ApplyAsync(
        BootPlan plan,
        BootFiles files,
        BootHistory history,
        BootTarget? target,
        Func<ValueList<Finding>> askGuards,
        PlanOptions options,
        IProgress<PlanProgress>? progress,
        CancellationToken cancellationToken)
    {
        var logger = LoggerOf(options);
        var work = new BootWork(plan, files, history, target, askGuards, new HostMarks(Sysfs), options, _time, logger);
        return new PlanEngine(options, _time, logger).ApplyAsync(plan, work, progress, cancellationToken);
    }

    // A directory that is this machine's own root is this machine, whatever it is called.
    private BootFiles OpenBootFiles(Action<string>? beforeWrite)
    {
        if (FilesDirectory is not { } own || (!IsLocal && (own == "/" || Directory.ResolveLinkTarget(own, returnFinalTarget: true)?.FullName == "/")))
        {
            throw new HostNotLocalException(Source, "a change of the boot files");
        }

        return BootFiles.Open(own, beforeWrite);
    }

    // The journal of a directory lies in it, whatever its links say: that of this machine is about this machine.
    private PlanOptions CheckedForBoot(PlanOptions? options, BootFiles files)
    {
        options = Checked(options);
        var directory = Path.TrimEndingDirectorySeparator(Path.GetFullPath(options.JournalDirectory));
        return IsLocal || directory.StartsWith($"{files.Root}/", StringComparison.Ordinal) ? options : options with { JournalDirectory = files.RealPath(directory) };
    }

    private static JournalEntry? UnfinishedBoot(string journalDirectory, string change)
    {
        try
        {
            return PlanJournal.Peek(journalDirectory).Entries.FirstOrDefault(entry => entry.Boot?.Change == change);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null; // a finding says that the journal cannot be read
        }
    }
}
