using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Plans;
using Passthrough.Sdk.Plans.Changes;
using Passthrough.Sdk.Sysfs;

namespace Passthrough.Sdk.Drivers;

/// <summary>Chooses how the kernel resets a device: writes <c>reset_method</c>, which lists the methods in the order in which they are tried.</summary>
/// <remarks>
/// <see cref="HostChange.Before"/> and <see cref="HostChange.After"/> are lists of methods, separated by spaces. Source:
/// Documentation/ABI/testing/sysfs-bus-pci; the kernel has the file since 5.15.
/// </remarks>
internal sealed class ChooseResetMethod : ChangeStep
{
    public override PlanStepKind Kind => PlanStepKind.ChooseResetMethod;

    public override PlanStep Describe(int number, HostChange change) => new(
        number,
        Kind,
        change.Device,
        change.Name == ResetPlanner.Restores ? $"let the kernel choose among the previous methods to reset {change.Device} again: {change.After}" : $"reset {change.Device} by {change.After} only",
        $"restore the methods {change.Before}",
        $"echo {change.After} > {PathOf(change)}");

    public override Task ApplyAsync(HostChange change, ChangeContext context, CancellationToken cancellationToken) =>
        WriteAsync(change, change.After!, context, cancellationToken);

    public override async Task UndoAsync(HostChange change, ChangeContext context)
    {
        if (context.Sysfs.TryStatus(PathOf(change), out _) == Errno.Success)
        {
            await WriteAsync(change, change.Before!, context, CancellationToken.None).ConfigureAwait(false);
        }
    }

    private static string PathOf(HostChange change) => $"/sys/bus/pci/devices/{change.Device}/reset_method";

    private static async Task WriteAsync(HostChange change, string methods, ChangeContext context, CancellationToken cancellationToken)
    {
        var path = PathOf(change);
        if (context.Sysfs.ReadText(path).Value?.Trim() == methods)
        {
            return;
        }

        var errno = await context.Sysfs.WriteAsync(path, methods, context.Options.DriverTimeout, context.Time, cancellationToken).ConfigureAwait(false);
        if (errno != Errno.Success)
        {
            throw new PassthroughException($"cannot choose the method {methods} to reset {change.Device}: {path}: {Errno.Describe(errno)}; the kernel log may say why");
        }

        var now = context.Sysfs.ReadText(path);
        if (now.Value?.Trim() != methods)
        {
            throw new PassthroughException($"{path} should contain {methods}, but contains {now}; another program may have changed it");
        }
    }
}
