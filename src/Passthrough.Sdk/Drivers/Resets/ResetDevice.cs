using System.Globalization;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Plans;
using Passthrough.Sdk.Plans.Changes;
using Passthrough.Sdk.Sysfs;

namespace Passthrough.Sdk.Drivers;

/// <summary>Resets a device: writes <c>1</c> to <c>reset</c>, and verifies that the device answers again.</summary>
/// <remarks>
/// The kernel saves and restores the configuration space and tells the driver (drivers/pci/pci.c, pci_reset_function). There is nothing
/// to undo: what the reset cleared is gone.
/// </remarks>
internal sealed class ResetDevice : ChangeStep
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(50);

    public override PlanStepKind Kind => PlanStepKind.ResetDevice;

    public override bool TakesDevice => true;

    public override PlanStep Describe(int number, HostChange change) => new(
        number,
        Kind,
        change.Device,
        $"reset {change.Device} ({(change.After!.Contains(' ', StringComparison.Ordinal) ? "the first of these that works: " : "")}{change.After})",
        "nothing: what a reset clears cannot be restored",
        $"echo 1 > {PathOf(change.Device!.Value)}");

    public override async Task ApplyAsync(HostChange change, ChangeContext context, CancellationToken cancellationToken)
    {
        var device = change.Device!.Value;
        var errno = await context.Sysfs.WriteAsync(PathOf(device), "1", context.Options.ResetTimeout, context.Time, cancellationToken).ConfigureAwait(false);
        if (errno != Errno.Success)
        {
            throw new PassthroughException($"cannot reset {device} ({change.After}): {Explain(errno)}");
        }

        await WaitAsync(device, context, cancellationToken).ConfigureAwait(false);
    }

    public override Task UndoAsync(HostChange change, ChangeContext context) => Task.CompletedTask;

    private static string PathOf(PciAddress device) => $"/sys/bus/pci/devices/{device}/reset";

    // PCI: a device that does not answer reads as all ones. The command register tells, as in the kernel's pci_dev_wait: a virtual function's ids are
    // all ones always (SR-IOV specification, 3.4.1.1).
    private static async Task WaitAsync(PciAddress device, ChangeContext context, CancellationToken cancellationToken)
    {
        var start = context.Time.GetTimestamp();
        while (true)
        {
            var errno = ReadCommand(device, context, out var command);
            if (errno != Errno.Success)
            {
                throw new PassthroughException(
                    $"{device} was reset, but whether it came back is unknown: /sys/bus/pci/devices/{device}/config: {Errno.Describe(errno)}; if the device is gone, look for it with a rescan (echo 1 > /sys/bus/pci/rescan)");
            }

            if (command != 0xffff)
            {
                return;
            }

            if (context.Time.GetElapsedTime(start) >= context.Options.ResetTimeout)
            {
                throw new PassthroughException(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{device} does not answer {context.Options.ResetTimeout.TotalSeconds:0.#} s after its reset: its configuration space reads as all ones; only a power cycle brings back such a device (shut the host down and switch it off; a reboot may not be enough)"));
            }

            await Task.Delay(Interval, context.Time, cancellationToken).ConfigureAwait(false);
        }
    }

    private static int ReadCommand(PciAddress device, ChangeContext context, out int command)
    {
        Span<byte> head = stackalloc byte[6];
        var errno = context.Sysfs.TryRead($"/sys/bus/pci/devices/{device}/config", head, out var length);
        command = length == head.Length ? head[4] | (head[5] << 8) : 0xffff;
        return errno;
    }

    // Kernel: drivers/pci/pci.c and quirks.c, reset_store and the methods.
    private static string Explain(int errno) => errno switch
    {
        Errno.TimedOut => "the kernel did not complete the reset in time, and it is still in progress; see the kernel log",
        Errno.NotTty => "the kernel can use none of these methods now (ENOTTY); a reset of the bus requires that no other function is on it and that its slot allows it; try another method",
        Errno.Busy or Errno.Again => "its driver or another reset holds it (EAGAIN); try again",
        Errno.NotFound => "the kernel has no method to reset it (no file reset)",
        _ when Errno.IsPermission(errno) => $"{Errno.Describe(errno)}; run as root",
        _ => $"{Errno.Describe(errno)}; see the kernel log",
    };
}
