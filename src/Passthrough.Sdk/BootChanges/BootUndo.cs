using Microsoft.Extensions.Logging;
using Passthrough.Sdk.Boot;
using Passthrough.Sdk.Boot.Files;
using Passthrough.Sdk.BootChanges.Steps;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Plans;

namespace Passthrough.Sdk.BootChanges;

/// <summary>
/// Undoes plans for the boot configuration: the files, the last first, and only then the commands, because a generator such as
/// update-grub uses the content that the files have when it runs.
/// </summary>
internal sealed class BootUndo(BootFiles files, RunBootCommand commands, ILogger logger)
{
    /// <summary>Undoes the change; continues after a file that cannot be restored, but runs no command then.</summary>
    /// <param name="restores">The files, the last first.</param>
    /// <param name="ran">The steps whose commands may have run, the last first.</param>
    /// <param name="undoCommands">The commands to run if a command of the plan may have run.</param>
    /// <param name="settle">Records that everything is undone; called only in this case.</param>
    /// <param name="first">The plan's first step, for problems that concern no single step.</param>
    /// <param name="progress">Receives the progress; null for none.</param>
    /// <returns>The steps that could not be undone, with the reason.</returns>
    public async Task<ValueList<StepNotUndone>> RunAsync(
        IReadOnlyList<BootRestore> restores,
        IReadOnlyList<PlanStep> ran,
        ValueList<BootCommand> undoCommands,
        Action settle,
        PlanStep first,
        IProgress<PlanProgress>? progress)
    {
        var report = new UndoReport(logger, progress);
        if (!await report.TryAsync(ran.Count > 0 ? ran[0] : first, commands.SettleAsync).ConfigureAwait(false))
        {
            return [.. report.NotUndone];
        }

        foreach (var file in restores)
        {
            if (await report.TryAsync(file.Step, () => Restore(file)).ConfigureAwait(false))
            {
                report.Undone(file.Step);
            }
        }

        if (report.IsClean && ran.Count > 0 && await report.TryAsync(ran[0], () => RunAsync(undoCommands)).ConfigureAwait(false))
        {
            foreach (var step in ran)
            {
                report.Undone(step);
            }
        }

        if (report.IsClean)
        {
            await report.TryAsync(first, () =>
            {
                settle();
                return Task.CompletedTask;
            }).ConfigureAwait(false);
        }

        return [.. report.NotUndone];
    }

    private Task Restore(BootRestore file)
    {
        EditBootFile.Restore(files, file.Path, file.Wanted, file.Written, file.Content);
        return Task.CompletedTask;
    }

    private async Task RunAsync(ValueList<BootCommand> undoCommands)
    {
        foreach (var command in undoCommands)
        {
            await commands.ApplyAsync(command).ConfigureAwait(false);
        }
    }
}
