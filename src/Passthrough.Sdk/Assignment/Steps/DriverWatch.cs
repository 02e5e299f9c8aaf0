using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Sysfs;

namespace Passthrough.Sdk.Assignment.Steps;

/// <summary>Which driver a device is bound to, as the kernel says it now.</summary>
internal sealed class DriverWatch(ISysfs sysfs, TimeProvider time)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(50);

    /// <summary>The driver's name; null when there is none.</summary>
    /// <exception cref="PassthroughException">The kernel would not say.</exception>
    public string? Read(PciAddress device)
    {
        var path = $"/sys/bus/pci/devices/{device}/driver";
        var errno = sysfs.TryReadLink(path, out var target);
        if (errno == Errno.Success)
        {
            return Path.GetFileName(target);
        }

        return Errno.IsAbsent(errno)
            ? null
            : throw new PassthroughException($"cannot tell the driver of {device}: {path}: {Errno.Describe(errno)}");
    }

    /// <summary>Whether somebody asks for a certain driver (<c>driver_override</c>; the kernel writes <c>(null)</c> for nobody).</summary>
    /// <returns>True also where the kernel does not say for two seconds: it does something with the device, so it is not free.</returns>
    public bool HasOverride(PciAddress device)
    {
        var text = sysfs.ReadTextUnderLock($"/sys/bus/pci/devices/{device}/driver_override");
        return text.IsUnknown ? text.Reason == SysfsFacts.LockHeld : text.Value?.Trim() is not (null or "" or "(null)");
    }

    /// <summary>Waits until the device's driver is as wanted; a bind is finished a little after the write that asked for it.</summary>
    /// <exception cref="PassthroughException">It did not become so in time.</exception>
    public async Task WaitAsync(
        PciAddress device, Func<string?, bool> wanted, string description, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var start = time.GetTimestamp();
        while (true)
        {
            var driver = Read(device);
            if (wanted(driver))
            {
                return;
            }

            if (time.GetElapsedTime(start) >= timeout)
            {
                throw new PassthroughException(
                    $"{device} should be {description} but is {(driver is null ? "on no driver" : $"on {driver}")} after {timeout.TotalSeconds:0.#} s; "
                    + "see the kernel log for the driver's reason");
            }

            await Task.Delay(Interval, time, cancellationToken).ConfigureAwait(false);
        }
    }
}
