using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Persistence;
using Passthrough.Sdk.Plans.Changes;

namespace Passthrough.Sdk.PersistenceChanges;

/// <summary>What a running udevd is told with <c>udevadm</c>. Where none runs, nothing is done: the next one reads the rules at its start.</summary>
internal static class UdevCommand
{
    private const string ControlSocket = "/run/udev/control";

    /// <summary>Makes udevd read its rules again (<c>udevadm control --reload</c>).</summary>
    /// <exception cref="PassthroughException">udevd did not take the request.</exception>
    public static Task ReloadAsync(ChangeContext context) => RunAsync(context, "control", "--reload");

    /// <summary>Waits until udevd has handled all events (<c>udevadm settle</c>), at most <see cref="Plans.PlanOptions.DriverTimeout"/>.</summary>
    /// <exception cref="PassthroughException">udevd has not, and it is not known what its rules still change.</exception>
    public static Task SettleAsync(ChangeContext context) => RunAsync(context, "settle");

    private static async Task RunAsync(ChangeContext context, params string[] arguments)
    {
        if (!context.RunsCommands || context.Sysfs.TryStatus(ControlSocket, out _) != Errno.Success)
        {
            return;
        }

        var (code, said) = await HostCommand.RunAsync(context, "udev", "udevadm", arguments).ConfigureAwait(false);
        if (code != 0)
        {
            throw new PersistenceException($"udevadm {string.Join(' ', arguments)} failed: {said} - check systemd-udevd.");
        }
    }
}
