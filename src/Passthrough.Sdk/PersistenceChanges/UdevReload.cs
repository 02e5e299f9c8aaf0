using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Persistence;
using Passthrough.Sdk.Persistence.Rules;
using Passthrough.Sdk.Plans.Changes;

namespace Passthrough.Sdk.PersistenceChanges;

/// <summary>Makes a running udevd read its rules again (<c>udevadm control --reload</c>). Where none runs, the next one reads them at its start.</summary>
internal static class UdevReload
{
    private const string ControlSocket = "/run/udev/control";

    /// <exception cref="PassthroughException">udevd runs, and did not take the request.</exception>
    public static async Task RunAsync(ChangeContext context)
    {
        if (!context.RunsCommands || context.Sysfs.TryStatus(ControlSocket, out _) != Errno.Success)
        {
            return;
        }

        var (code, said) = await HostCommand.RunAsync(context, "udev", "udevadm", "control", "--reload").ConfigureAwait(false);
        if (code != 0)
        {
            throw new PersistenceException($"{UdevRuleFile.ReloadCommand} failed: {said} - check systemd-udevd.");
        }
    }
}
