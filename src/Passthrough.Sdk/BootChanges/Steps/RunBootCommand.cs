using System.Globalization;
using Passthrough.Sdk.Boot;
using Passthrough.Sdk.Plans;

namespace Passthrough.Sdk.BootChanges.Steps;

/// <summary>Runs the commands that follow a change of the files, one at a time, each with a deadline.</summary>
/// <param name="isLeft">Whether the operator runs the commands, because the files belong to another host than this machine.</param>
/// <param name="options">Time-outs.</param>
/// <param name="time">The clock.</param>
internal sealed class RunBootCommand(bool isLeft, PlanOptions options, TimeProvider time)
{
    private Task _running = Task.CompletedTask;

    /// <summary>Describes the step.</summary>
    public static PlanStep Describe(int number, BootCommand command, bool isLeft, string undo) => new(
        number,
        PlanStepKind.RunBootCommand,
        Device: null,
        isLeft ? $"not run here: run {command} on that host: {command.Reason}" : $"run {command}: {command.Reason}",
        undo,
        command.ToString());

    /// <summary>Runs a command, or does nothing if the operator runs it.</summary>
    /// <exception cref="BootCommandException">It could not be started, failed, or did not end in time.</exception>
    public async Task ApplyAsync(BootCommand command)
    {
        if (isLeft)
        {
            return;
        }

        _running = CommandRunner.RunAsync(command);
        try
        {
            // Not to be cancelled: a loader's generator that is interrupted can leave half a menu.
            await _running.WaitAsync(options.BootCommandTimeout, time).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            throw new BootCommandException(command, string.Create(
                CultureInfo.InvariantCulture, $"it did not end within {options.BootCommandTimeout.TotalSeconds:0.#} s and is still running"));
        }
    }

    /// <summary>Waits until the last command has ended; before that, its effect is unknown.</summary>
    /// <exception cref="BootException">It does not end in time.</exception>
    public async Task SettleAsync()
    {
        try
        {
            await _running.WaitAsync(options.UndoTimeout, time).ConfigureAwait(false);
        }
        catch (BootCommandException)
        {
            // It failed, which the plan has said.
        }
        catch (TimeoutException e)
        {
            throw new BootException("a command of the plan is still running; wait for it or end it, then recover", e);
        }
    }
}
