using System.ComponentModel;
using System.Diagnostics;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Persistence;
using Passthrough.Sdk.Persistence.Rules;
using Passthrough.Sdk.Plans.Changes;

namespace Passthrough.Sdk.PersistenceChanges;

/// <summary>Makes a running udevd read its rules again (<c>udevadm control --reload</c>). Where none runs, the next one reads them at its start.</summary>
internal static class UdevReload
{
    private const string ControlSocket = "/run/udev/control";

    /// <exception cref="PersistenceException">udevd runs, and did not take the request.</exception>
    public static async Task RunAsync(ChangeContext context)
    {
        if (!context.RunsCommands || context.Sysfs.TryStatus(ControlSocket, out _) != Errno.Success)
        {
            return;
        }

        using var process = Start();
        process.StandardInput.Close();
        var error = process.StandardError.ReadToEndAsync();
        try
        {
            await process.WaitForExitAsync().WaitAsync(context.Options.DriverTimeout, context.Time).ConfigureAwait(false);
        }
        catch (TimeoutException e)
        {
            throw new PersistenceException($"{UdevRuleFile.ReloadCommand} did not end in time and is still running - check systemd-udevd.", e);
        }

        var said = (await error.ConfigureAwait(false)).Trim().ReplaceLineEndings(" ");
        if (process.ExitCode != 0)
        {
            throw new PersistenceException($"{UdevRuleFile.ReloadCommand} failed with exit code {process.ExitCode}{(said.Length > 0 ? $": {said}" : "")} - check systemd-udevd.");
        }
    }

    private static Process Start()
    {
        try
        {
            return Process.Start(new ProcessStartInfo("udevadm", ["control", "--reload"]) { RedirectStandardError = true, RedirectStandardInput = true })!;
        }
        catch (Win32Exception e)
        {
            throw new PersistenceException($"cannot run udevadm: {e.Message} - install udev.", e);
        }
    }
}
