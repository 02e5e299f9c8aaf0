using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Kernel;
using Passthrough.Sdk.Plans;
using Passthrough.Sdk.Plans.Changes;

namespace Passthrough.Sdk.Drivers;

/// <summary>Loads the module of a driver before the first device is bound to it, as libvirt does (<c>modprobe -b</c>, which respects a blacklist).</summary>
/// <remarks><see cref="HostChange.Name"/> is the module's canonical name. The undo unloads it if nothing uses it.</remarks>
internal sealed class LoadModule : ChangeStep
{
    public override PlanStepKind Kind => PlanStepKind.LoadModule;

    /// <summary>Returns the change.</summary>
    public static HostChange Of(string module) => new(PlanStepKind.LoadModule, null, KernelNames.Canonical(module), null, "loaded");

    public override PlanStep Describe(int number, HostChange change) => new(
        number, Kind, null, $"load the kernel module {change.Name}", "unload it if nothing uses it", $"modprobe -b {change.Name}");

    public override async Task ApplyAsync(HostChange change, ChangeContext context, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (IsLoaded(change, context))
        {
            return;
        }

        var (code, said) = await RunAsync(context, ["-b", change.Name]).ConfigureAwait(false);
        if (!IsLoaded(change, context))
        {
            throw new PassthroughException(
                $"cannot load the kernel module {change.Name}: {(code == 0 ? "modprobe loaded nothing, so a blacklist or an install line in /etc/modprobe.d prevents it" : said)}; find the line there (modprobe --showconfig), or load the module by hand");
        }
    }

    public override async Task UndoAsync(HostChange change, ChangeContext context)
    {
        if (IsLoaded(change, context))
        {
            // In use by another device or program since: then it stays, and no harm is done.
            _ = await RunAsync(context, ["-r", change.Name]).ConfigureAwait(false);
        }
    }

    private static bool IsLoaded(HostChange change, ChangeContext context) =>
        context.Sysfs.TryStatus($"/sys/module/{change.Name}", out _) == Errno.Success;

    private static async Task<(int Code, string Said)> RunAsync(ChangeContext context, string[] arguments)
    {
        if (!context.RunsCommands)
        {
            return (1, "this host runs no commands");
        }

        return await HostCommand.RunAsync(context, "kmod", "modprobe", arguments).ConfigureAwait(false);
    }
}
