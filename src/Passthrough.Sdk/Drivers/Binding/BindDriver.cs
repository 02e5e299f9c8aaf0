using Passthrough.Sdk.Drivers.Records;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Plans;
using Passthrough.Sdk.Plans.Changes;
using Passthrough.Sdk.Plans.Guards;
using Passthrough.Sdk.Readiness;

namespace Passthrough.Sdk.Drivers;

/// <summary>
/// Binds a device to a driver: <c>driver_override</c>, then <c>unbind</c>, then <c>drivers_probe</c>. Never <c>new_id</c>, which would
/// take every device of the same ids.
/// </summary>
/// <remarks>
/// <see cref="HostChange.From"/> and <see cref="HostChange.To"/> are the bindings; without the second, the kernel chooses the driver.
/// <see cref="HostChange.Name"/> is <see cref="Keeps"/> if the previous binding is recorded for a later return, and
/// <see cref="Forgets"/> if that record is removed. Source: Documentation/ABI/testing/sysfs-bus-pci.
/// </remarks>
internal sealed class BindDriver : ChangeStep
{
    /// <summary>The previous binding is recorded, to be restored by a plan of the kind Unbind.</summary>
    public const string Keeps = "keep";

    /// <summary>The device returns to the recorded binding, and the record is removed.</summary>
    public const string Forgets = "forget";

    /// <summary>The name of the domain in records of devices that were bound without one.</summary>
    public const string NoDomain = "";

    public override PlanStepKind Kind => PlanStepKind.BindDriver;

    public override bool TakesDevice => true;

    public override PlanStep Describe(int number, HostChange change)
    {
        var device = change.Device!.Value;
        var directory = $"/sys/bus/pci/devices/{device}";
        var (from, to) = (change.From!, change.To);
        var clears = to is { DriverOverride: null } or null;
        return new(
            number,
            Kind,
            device,
            to is null ? $"take {device} from {from.Driver ?? "no driver"} and let the kernel choose its driver"
                : from.Driver == to.Driver ? $"leave {device} bound to {from.Driver ?? "no driver"} and change its driver_override from {from.DriverOverride ?? "none"} to {to.DriverOverride ?? "none"}"
                : from.Driver is null ? $"bind {device} to {to}"
                : $"take {device} from {from.Driver} and bind it to {to}",
            $"restore {from}",
            string.Join("; ", new[]
            {
                clears && from.DriverOverride is null ? null : clears ? $"echo > {directory}/driver_override" : $"echo {to!.DriverOverride} > {directory}/driver_override",
                from.Driver is null || from.Driver == to?.Driver ? null : $"echo {device} > {directory}/driver/unbind",
                HostDrivers.IsPciback(from.Driver) && !HostDrivers.IsPciback(to?.Driver) ? $"echo {device} > {PcibackSlots.RemoveSlot}" : null,
                to is { Driver: null } || from.Driver == to?.Driver ? null : $"echo {device} > /sys/bus/pci/drivers_probe",
            }.OfType<string>()));
    }

    public override async Task ApplyAsync(HostChange change, ChangeContext context, CancellationToken cancellationToken)
    {
        var (device, drivers) = (change.Device!.Value, DriversOf(context));
        var records = new BindingRecords(context.Options.JournalDirectory, context.Sysfs);
        if (change.Name == Keeps && (records.Find(device, NoDomain) is null || !HostDrivers.IsForGuests(change.From!.Driver)))
        {
            // A record of a device that is with the host again by other means, such as a write to the kernel's files, says nothing any longer.
            records.Keep(device, NoDomain, context.EntryId, change.From!, isTakenByPlan: true);
        }
        else if (change.Name == Forgets)
        {
            records.MarkReleased(device, NoDomain, context.EntryId);
        }

        if (change.To is { } wanted)
        {
            await drivers.RestoreAsync(device, wanted, context.Options.DriverTimeout, cancellationToken).ConfigureAwait(false);
            var now = drivers.ReadBinding(device);
            if (now != wanted)
            {
                throw new PassthroughException($"{device} should be bound to {wanted}, but is bound to {now}; see the kernel log for {device}");
            }
        }
        else
        {
            await drivers.ReleaseAsync(device, context.Options.DriverTimeout, cancellationToken).ConfigureAwait(false);
        }
    }

    public override async Task UndoAsync(HostChange change, ChangeContext context)
    {
        var (device, drivers, wanted) = (change.Device!.Value, DriversOf(context), change.From!);
        if (drivers.IsThere(device) && drivers.ReadBinding(device) != wanted)
        {
            RefuseUsed(device, drivers, context.Options, wanted);
            await drivers.RestoreAsync(device, wanted, context.Options.DriverTimeout, CancellationToken.None).ConfigureAwait(false);
            var now = drivers.ReadBinding(device);
            if (now != wanted)
            {
                throw new PassthroughException(
                    $"{device} should be bound to {wanted} as before, but is bound to {now}; see the kernel log for {device}, then set driver_override and the driver in /sys/bus/pci/devices/{device} by hand, and recover again");
            }
        }

        if (change.Name == Keeps)
        {
            new BindingRecords(context.Options.JournalDirectory, context.Sysfs).ForgetOf(device, NoDomain, context.EntryId);
        }
        else if (change.Name == Forgets)
        {
            new BindingRecords(context.Options.JournalDirectory, context.Sysfs).MarkKept(device, NoDomain, context.EntryId);
        }
    }

    public override void Done(HostChange change, ChangeContext context)
    {
        if (change.Name == Forgets)
        {
            new BindingRecords(context.Options.JournalDirectory, context.Sysfs).Forget(change.Device!.Value, NoDomain);
        }
    }

    private static DriverWatch DriversOf(ChangeContext context) => new(context.Sysfs, context.Time, context.AskUse);

    // The undo takes the device from the driver that it has now: whoever uses it through that driver comes first.
    private static void RefuseUsed(PciAddress device, DriverWatch drivers, PlanOptions options, HostBinding wanted)
    {
        var driver = drivers.Read(device);
        if (driver is null || driver == wanted.Driver)
        {
            return;
        }

        if (HostDrivers.IsForGuests(driver))
        {
            var holders = drivers.HoldersOf(device);
            if (holders.Count > 0)
            {
                throw new PassthroughException($"{string.Join(", ", holders)} has {device}, or its IOMMU group, open through VFIO; end that program, then recover again");
            }

            return;
        }

        var refusing = PlanGuards.Refusing(drivers.UseOf(device), options.Accepted);
        if (!refusing.IsEmpty)
        {
            throw new PassthroughException(
                $"{device} is bound to {driver} and cannot be unbound from it: {PlanGuards.Describe(refusing)}; then recover again");
        }
    }
}
