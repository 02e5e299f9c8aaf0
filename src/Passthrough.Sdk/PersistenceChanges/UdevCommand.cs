using System.ComponentModel;
using System.Diagnostics;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Persistence;
using Passthrough.Sdk.Plans.Changes;

namespace Passthrough.Sdk.PersistenceChanges;

/// <summary>What a running udevd is told with <c>udevadm</c>. Where none runs, nothing is done: the next one reads the rules at its start.</summary>
internal static class UdevCommand
{
    private const string ControlSocket = "/run/udev/control";

    /// <summary>Makes udevd read its rules again (<c>udevadm control --reload</c>).</summary>
    /// <exception cref="PersistenceException">udevd did not take the request.</exception>
    public static Task ReloadAsync(ChangeContext context) => RunAsync(context, "control", "--reload");

    /// <summary>Waits until udevd has handled all events (<c>udevadm settle</c>), at most <see cref="Plans.PlanOptions.DriverTimeout"/>.</summary>
    /// <exception cref="PersistenceException">udevd has not, and it is not known what its rules still change.</exception>
    public static Task SettleAsync(ChangeContext context) => RunAsync(context, "settle");

    private static async Task RunAsync(ChangeContext context, params string[] arguments)
    {
        if (!context.RunsCommands || context.Sysfs.TryStatus(ControlSocket, out _) != Errno.Success)
        {
            return;
        }

        var command = $"udevadm {string.Join(' ', arguments)}";
        using var process = Start(arguments);
        process.StandardInput.Close();
        var error = process.StandardError.ReadToEndAsync();
        try
        {
            await process.WaitForExitAsync().WaitAsync(context.Options.DriverTimeout, context.Time).ConfigureAwait(false);
        }
        catch (TimeoutException e)
        {
            throw new PersistenceException($"{command} did not end in time and is still running - check systemd-udevd.", e);
        }

        var said = (await error.ConfigureAwait(false)).Trim().ReplaceLineEndings(" ");
        if (process.ExitCode != 0)
        {
            throw new PersistenceException($"{command} failed with exit code {process.ExitCode}{(said.Length > 0 ? $": {said}" : "")} - check systemd-udevd.");
        }
    }

    private static Process Start(string[] arguments)
    {
        try
        {
            return Process.Start(new ProcessStartInfo("udevadm", arguments) { RedirectStandardError = true, RedirectStandardInput = true })!;
        }
        catch (Win32Exception e)
        {
            throw new PersistenceException($"cannot run udevadm: {e.Message} - install udev.", e);
        }
    }
}
