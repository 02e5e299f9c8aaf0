using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Plans;
using Passthrough.Sdk.Readiness;
using Passthrough.Sdk.Sysfs;

namespace Passthrough.Sdk.Drivers;

/// <summary>Reads the driver of a device and its override from the kernel's files, and changes both.</summary>
/// <param name="sysfs">The kernel's files.</param>
/// <param name="time">The clock.</param>
/// <param name="askUse">Captures the host again and returns the uses of a device.</param>
internal sealed class DriverWatch(ISysfs sysfs, TimeProvider time, Func<PciAddress, ValueList<Finding>> askUse)
{
    private const string Bus = "/sys/bus/pci";

    private readonly AwaitedSysfs _sysfs = sysfs as AwaitedSysfs ?? new(sysfs);

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(500);

    /// <summary>Reads the driver's name; null if no driver is bound.</summary>
    /// <exception cref="PassthroughException">The kernel's file cannot be read.</exception>
    public string? Read(PciAddress device)
    {
        var path = $"{Bus}/devices/{device}/driver";
        var errno = _sysfs.TryReadLink(path, out var target);
        if (errno == Errno.Success)
        {
            return Path.GetFileName(target);
        }

        return Errno.IsAbsent(errno)
            ? null
            : throw new PassthroughException($"cannot read the driver of {device}: {path}: {Errno.Describe(errno)}");
    }

    /// <summary>Waits until every write that exceeded its deadline has ended.</summary>
    /// <param name="limit">The maximum time to wait.</param>
    /// <returns>The reason why what happens next is unknown; null if every write has ended.</returns>
    public Task<string?> SettleAsync(TimeSpan limit) => _sysfs.SettleAsync(limit, time);

    /// <summary>Returns whether the kernel has the device.</summary>
    /// <exception cref="PassthroughException">The kernel's file cannot be read.</exception>
    public bool IsThere(PciAddress device)
    {
        var path = $"{Bus}/devices/{device}";
        var errno = _sysfs.TryStatus(path, out _);
        return errno == Errno.Success || (Errno.IsAbsent(errno)
            ? false
            : throw new PassthroughException($"cannot tell whether {device} exists: {path}: {Errno.Describe(errno)}"));
    }

    /// <summary>The functions of a device's IOMMU group, with itself; empty if it has none, or is not there.</summary>
    public ValueList<PciAddress> GroupOf(PciAddress device)
    {
        var path = $"{Bus}/devices/{device}/iommu_group/devices";
        var names = new List<string>();
        var errno = _sysfs.TryList(path, names);
        return errno == Errno.Success || Errno.IsAbsent(errno)
            ? [.. names.Where(name => PciAddress.TryParse(name, out _)).Select(name => PciAddress.Parse(name)).Order()]
            : throw new PassthroughException($"cannot read the IOMMU group of {device}: {path}: {Errno.Describe(errno)}");
    }

    /// <summary>Returns the uses of a device, from a fresh capture.</summary>
    public ValueList<Finding> UseOf(PciAddress device) => askUse(device);

    /// <summary>Reads driver and override; the kernel writes <c>(null)</c> for no override.</summary>
    /// <exception cref="PassthroughException">The file cannot be read, or the kernel has blocked it for two seconds because it is changing the device.</exception>
    public HostBinding ReadBinding(PciAddress device)
    {
        var text = _sysfs.ReadTextUnderLock($"{Bus}/devices/{device}/driver_override");
        return text.IsUnknown
            ? throw new PassthroughException($"cannot read the driver_override of {device}: {text.Source}: {text.Reason}; wait, or find what uses the device, then try again")
            : new(Read(device), text.Value?.Trim() is { Length: > 0 } name and not "(null)" ? name : null);
    }

    /// <summary>Returns the processes that have the device open through VFIO.</summary>
    /// <exception cref="PassthroughException">It cannot be determined.</exception>
    public IReadOnlyList<string> HoldersOf(PciAddress device) => VfioHolders.Find(_sysfs, device);

    /// <summary>
    /// Returns whether there is nothing to restore: the device has the wanted state, or does not exist. If
    /// an emulator is still closing it, or libvirt is still returning it, this waits for a short time.
    /// </summary>
    public async Task<bool> IsSettledAsync(PciAddress device, HostBinding wanted, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var start = time.GetTimestamp();
        while (IsThere(device))
        {
            var now = ReadBinding(device);
            var elapsed = time.GetElapsedTime(start);
            if (now == wanted)
            {
                return true;
            }

            var isHeld = HostDrivers.IsForGuests(now.Driver) && now.Driver != wanted.Driver && HoldersOf(device).Count > 0;
            if (elapsed >= (isHeld ? timeout : Moment))
            {
                return false;
            }

            await Task.Delay(Interval, time, cancellationToken).ConfigureAwait(false);
        }

        return true;
    }

    /// <summary>Writes override and driver until they have the wanted values. The caller must verify the result.</summary>
    /// <exception cref="PassthroughException">The kernel refused a write, or did not complete it.</exception>
    public async Task RestoreAsync(PciAddress device, HostBinding wanted, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var now = ReadBinding(device);
        if (now.Driver == wanted.Driver)
        {
            await OverrideAsync(device, now.DriverOverride, wanted.DriverOverride, timeout, cancellationToken).ConfigureAwait(false);
            await ClearSlotAsync(device, wanted, timeout, cancellationToken).ConfigureAwait(false);
            return;
        }

        // An override that names another driver than the bound one was written after the device was bound, and so it is restored.
        var meanwhile = wanted is { Driver: not null, DriverOverride: not null } ? wanted.Driver : wanted.DriverOverride;
        await OverrideAsync(device, now.DriverOverride, meanwhile, timeout, cancellationToken).ConfigureAwait(false);

        if (now.Driver is not null)
        {
            try
            {
                await WriteAsync($"{Bus}/drivers/{now.Driver}/unbind", device.ToString(), timeout, cancellationToken).ConfigureAwait(false);
            }
            catch (PassthroughException) when (Read(device) != now.Driver)
            {
                // libvirt was quicker.
            }
        }

        await ClearSlotAsync(device, wanted, timeout, cancellationToken).ConfigureAwait(false);
        if (wanted.Driver is null)
        {
            return;
        }

        if (HostDrivers.IsPciback(wanted.Driver) && wanted.DriverOverride is null && !PcibackSlots.Lists(_sysfs, device))
        {
            // Without an override pciback takes only what it lists.
            await WriteAsync(PcibackSlots.NewSlot, device.ToString(), timeout, cancellationToken).ConfigureAwait(false);
        }

        await WriteAsync($"{Bus}/drivers_probe", device.ToString(), timeout, cancellationToken).ConfigureAwait(false);
        if (Read(device) is { } other && other != wanted.Driver)
        {
            // The kernel's own choice fell on another driver: with an override, it has no choice.
            await OverrideAsync(device, meanwhile, wanted.Driver, timeout, cancellationToken).ConfigureAwait(false);
            meanwhile = wanted.Driver;
            await WriteAsync($"{Bus}/drivers/{other}/unbind", device.ToString(), timeout, cancellationToken).ConfigureAwait(false);
            await WriteAsync($"{Bus}/drivers_probe", device.ToString(), timeout, cancellationToken).ConfigureAwait(false);
        }

        if (Read(device) is null)
        {
            // The kernel's own choice fell on none: the driver was bound by name. Linux before 4.9 has a pciback that takes only what it lists.
            if (HostDrivers.IsPciback(wanted.Driver) && !PcibackSlots.Lists(_sysfs, device))
            {
                await WriteAsync(PcibackSlots.NewSlot, device.ToString(), timeout, cancellationToken).ConfigureAwait(false);
            }

            await WriteAsync($"{Bus}/drivers/{wanted.Driver}/bind", device.ToString(), timeout, cancellationToken).ConfigureAwait(false);
        }

        await WaitAsync(device, driver => driver == wanted.Driver, $"bound to {wanted.Driver} again", timeout, cancellationToken).ConfigureAwait(false);
        await OverrideAsync(device, meanwhile, wanted.DriverOverride, timeout, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Returns whether Xen's pciback takes the device whenever the kernel looks for a driver for it.</summary>
    /// <exception cref="PassthroughException">The list cannot be read.</exception>
    public bool IsListedByPciback(PciAddress device) => PcibackSlots.Lists(_sysfs, device);

    /// <summary>Makes pciback leave a device to the host's drivers that has returned to the host, whoever returned it.</summary>
    /// <param name="device">The device.</param>
    /// <param name="wanted">What the device is bound to; null for any driver of the host.</param>
    /// <param name="timeout">The maximum time to wait for the kernel.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="PassthroughException">The kernel refused the write.</exception>
    public async Task ClearSlotAsync(PciAddress device, HostBinding? wanted, TimeSpan timeout, CancellationToken cancellationToken)
    {
        if (HostDrivers.IsPciback(wanted?.Driver) || !PcibackSlots.Lists(_sysfs, device))
        {
            return;
        }

        try
        {
            await WriteAsync(PcibackSlots.RemoveSlot, device.ToString(), timeout, cancellationToken).ConfigureAwait(false);
        }
        catch (PassthroughException) when (!PcibackSlots.Lists(_sysfs, device))
        {
            // Somebody else was quicker.
        }
    }

    /// <summary>Clears the override, unbinds the driver, and lets the kernel choose another, which may be none.</summary>
    /// <exception cref="PassthroughException">The kernel refused a write, did not complete it, or chose the same driver for guests again.</exception>
    public async Task ReleaseAsync(PciAddress device, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var now = ReadBinding(device);
        if (now.DriverOverride is not null)
        {
            await WriteAsync($"{Bus}/devices/{device}/driver_override", "\n", timeout, cancellationToken).ConfigureAwait(false);
        }

        if (now.Driver is not null)
        {
            await WriteAsync($"{Bus}/drivers/{now.Driver}/unbind", device.ToString(), timeout, cancellationToken).ConfigureAwait(false);
        }

        await ClearSlotAsync(device, wanted: null, timeout, cancellationToken).ConfigureAwait(false);
        await WriteAsync($"{Bus}/drivers_probe", device.ToString(), timeout, cancellationToken).ConfigureAwait(false);
        var chosen = ReadBinding(device);
        if (chosen.DriverOverride is not null || HostDrivers.IsForGuests(chosen.Driver))
        {
            throw new PassthroughException(
                $"{device} should be free for the host's drivers, but is bound to {chosen}: vfio-pci was told its ids (the option ids=, or new_id); remove them, or name the driver");
        }
    }

    /// <summary>Waits until the device has the wanted driver; a bind completes shortly after the write that requested it.</summary>
    /// <exception cref="PassthroughException">The driver was not bound in time.</exception>
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
                    $"{device} should be {description}, but after {timeout.TotalSeconds:0.#} s it is bound to {driver ?? "no driver"}; "
                    + "look for the reason in the kernel log");
            }

            await Task.Delay(Interval, time, cancellationToken).ConfigureAwait(false);
        }
    }

    // A line feed alone takes the override away. Kernel: drivers/base/driver.c, driver_set_override.
    private Task OverrideAsync(PciAddress device, string? now, string? wanted, TimeSpan timeout, CancellationToken cancellationToken) =>
        now == wanted ? Task.CompletedTask : WriteAsync($"{Bus}/devices/{device}/driver_override", wanted ?? "\n", timeout, cancellationToken);

    private async Task WriteAsync(string path, string content, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var errno = await _sysfs.WriteAsync(path, content, timeout, time, cancellationToken).ConfigureAwait(false);
        if (errno != Errno.Success)
        {
            throw new PassthroughException(
                errno == Errno.TimedOut
                    ? $"the kernel did not complete a write to {path} in time; the write is still in progress, because a driver waits for a program that uses the device; find that program and end it"
                    : $"cannot write '{content.Trim()}' to {path}: {Errno.Describe(errno)}; see the kernel log");
        }
    }
}
