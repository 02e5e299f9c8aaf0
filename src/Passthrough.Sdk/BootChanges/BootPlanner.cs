using System.Globalization;
using Passthrough.Sdk.Boot;
using Passthrough.Sdk.Boot.Files;
using Passthrough.Sdk.BootChanges.History;
using Passthrough.Sdk.BootChanges.Steps;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Plans;

namespace Passthrough.Sdk.BootChanges;

/// <summary>Creates the steps of plans for the boot configuration: first the files, then the commands.</summary>
internal static class BootPlanner
{
    /// <summary>Returns the purpose of a change: <c>change the boot configuration (add intel_iommu=on)</c>.</summary>
    public static string PurposeOf(BootChange change)
    {
        List<string> parts =
        [
            .. change.Add.Select(parameter => $"add {parameter}"),
            .. change.Remove.Select(name => $"remove {name}"),
            .. change.LoadModules.Select(module => $"load {module}"),
            .. change.AllowModules.Select(module => $"allow {module}"),
        ];
        if (change.EarlyBinding is { } binding)
        {
            parts.Add($"bind {string.Join(", ", binding.Ids)} early");
        }

        return $"change the boot configuration{(parts.Count == 0 ? "" : $" ({string.Join(", ", parts)})")}";
    }

    /// <summary>Returns the steps of a change.</summary>
    public static ValueList<PlanStep> StepsOf(BootDraft draft, BootFiles files, bool isLeft) =>
    [
        .. draft.Files.Select((edit, i) => EditBootFile.Describe(i + 1, edit, files.Root)),
        .. CommandSteps(draft, isLeft),
    ];

    /// <summary>Returns the steps that revert a change.</summary>
    public static ValueList<PlanStep> StepsOf(BootDraft draft, BootTarget target, BootFiles files, BootHistory history, bool isLeft) =>
    [
        .. draft.Files.Select((edit, i) => EditBootFile.DescribeRevert(i + 1, edit, files.RealPath(edit.Path), history.BackupOf(target.Name, target.Change.Files[i]))),
        .. CommandSteps(draft, isLeft),
    ];

    /// <summary>Returns the effect of reverting a change.</summary>
    /// <exception cref="BootConflictException">Another program changed a file since, or the backup.</exception>
    public static BootDraft DraftOf(BootTarget target, BootFiles files, BootHistory history)
    {
        var edits = new List<BootFileEdit>();
        foreach (var file in target.Change.Files)
        {
            var now = files.Read(file.Path);
            var hash = BootHistory.Hash(now);
            if (hash != file.Before && hash != file.After)
            {
                throw new BootConflictException(file.Path, "it was edited", WayOut(history.BackupOf(target.Name, file)));
            }

            edits.Add(new(file.Path, now, hash == file.Before ? now : history.ReadBackup(target.Name, file)));
        }

        return new(
            edits.ToValueList(),
            BootHistory.CommandsOf(target.Change.UndoCommands, "makes the restored files take effect"),
            BootHistory.CommandsOf(target.Change.Commands, "makes the change take effect again"),
            Reasons: []);
    }

    /// <summary>Returns the purpose of reverting a change.</summary>
    public static string PurposeOf(BootTarget? target) => target is null ? "revert the latest change of the boot configuration" : string.Create(
        CultureInfo.InvariantCulture, $"revert the change of the boot configuration of {target.Change.AppliedAt:yyyy-MM-dd HH:mm:ss} UTC");

    private static string WayOut(string? backup) => backup is null ? "remove it by hand if it is not needed" : $"correct it by hand; the previous content is in {backup}";

    private static IEnumerable<PlanStep> CommandSteps(BootDraft draft, bool isLeft) => draft.Commands.Select((command, i) => RunBootCommand.Describe(
        draft.Files.Count + i + 1,
        command,
        isLeft,
        isLeft || draft.UndoCommands.IsEmpty ? "nothing" : $"run {string.Join(", then ", draft.UndoCommands)} after the files are restored"));
}
