using Passthrough.Sdk.Drivers;
using Passthrough.Sdk.Hostdev.Domains;
using Passthrough.Sdk.Plans;
using Passthrough.Sdk.Readiness;

namespace Passthrough.Sdk.Assignment.Steps;

/// <summary>Returns the device to the host: to the driver and the override that it had before it was assigned.</summary>
internal sealed class ReturnToHost : AssignmentStep
{
    public override PlanStepKind Kind => PlanStepKind.ReturnToHost;

    public override bool ChangesDriver => true;

    // A device that the domain never had is not touched, whatever driver it is on: that is the administrator's choice.
    public override bool IsNeeded(AssignedDevice device, AssignmentFacts facts)
    {
        var (domain, drivers, records) = (facts.Domain, facts.Drivers, facts.Records);
        var isLive = facts.IsLive(device);
        // A running guest keeps it, where only the definition changes; and a definition that libvirt does not bind it for, where only the guest does.
        if (!drivers.IsThere(device.Address) || (isLive && !facts.ChangesGuest) || facts.StaysUnmanaged(device))
        {
            return false;
        }

        // libvirt gives back what it took when the guest ended; Xen leaves a device on pciback when a guest ended by itself. One that
        // libvirt returned is still in pciback's list, so that pciback may take it again.
        if ((isLive || facts.IsDefined(device)) && LeavesSlot(device, facts))
        {
            return true;
        }

        if (device.ReturnTo is not { } original)
        {
            // A managed device comes back with the unplugging, which is verified; unless it was reserved for guests before, in an earlier boot.
            return isLive && DomainXml.IsManaged(facts.Live, device.Address) && HostDrivers.IsForGuests(device.Driver)
                && !HostDrivers.IsForGuests(records.FindHint(device.Address, domain.Name)?.Binding.Driver);
        }

        if (isLive)
        {
            return true;
        }

        var now = drivers.ReadBinding(device.Address);
        return (original.DriverOverride is not null && now.DriverOverride is null)
            || (HostDrivers.IsForGuests(now.Driver) && !HostDrivers.IsForGuests(original.Driver) && records.Find(device.Address, domain.Name)!.IsTakenByPlan);
    }

    public override StepWords Describe(AssignedDevice device, AssignmentFacts facts) => new(
        $"return {device.Address} to the host, {(device.ReturnTo is { } original ? $"to {original}" : "to the host's driver")}{(LeavesSlot(device, facts) ? ", and remove it from pciback's list" : "")}",
        facts.IsLive(device) && !DomainXml.IsManagedElement(device.ElementInGuest)
            ? "bind it to VFIO again, because libvirt does not manage it"
            : "nothing: plugging the device into the domain again binds it to VFIO",
        $"nodedev-reattach {device.Address.NodeDeviceName}{(LeavesSlot(device, facts) ? $"; echo {device.Address} > {PcibackSlots.RemoveSlot}" : "")}");

    // A device that was with pciback before stays in its list.
    private static bool LeavesSlot(AssignedDevice device, AssignmentFacts facts) =>
        !HostDrivers.IsPciback(device.ReturnTo?.Driver) && (HostDrivers.IsPciback(device.Driver) || facts.Drivers.IsListedByPciback(device.Address));

    public override Task ApplyAsync(StepContext context, CancellationToken cancellationToken) => context.Device.ReturnTo is { } original
        ? HostState.RestoreAsync(context, original, cancellationToken)
        : ReturnUnrecordedAsync(context, cancellationToken);

    /// <summary>
    /// Binds a device to VFIO again that libvirt does not manage, because a later undo plugs it in, and libvirt takes only a managed device from its driver.
    /// Otherwise it does nothing: the undo of a plan ends with a check of every device.
    /// </summary>
    public override async Task UndoAsync(StepContext context)
    {
        var device = context.Device;
        if (DomainXml.IsManagedElement(device.ElementInGuest) || !context.Drivers.IsThere(device.Address) || HostDrivers.IsForGuests(context.Drivers.Read(device.Address)))
        {
            return;
        }

        if (await context.Domain.RunAsync($"describe {context.Domain.Name}", domain => domain.IsRunning, CancellationToken.None).ConfigureAwait(false))
        {
            // The device came back to the host, which may use it meanwhile.
            await HostState.RefuseUsedAsync(context, CancellationToken.None).ConfigureAwait(false);
            await DetachFromHost.BindAsync(context, CancellationToken.None).ConfigureAwait(false);
        }
    }

    /// <summary>Returns a device whose previous driver is unknown: it is free when it is unbound from the driver for guests.</summary>
    internal static async Task ReturnUnrecordedAsync(StepContext context, CancellationToken cancellationToken)
    {
        var device = context.Device.Address;
        if (!context.Drivers.IsThere(device))
        {
            return;
        }

        if (HostDrivers.IsForGuests(context.Drivers.Read(device)))
        {
            await HostState.RefuseHeldAsync(context, cancellationToken).ConfigureAwait(false);
            await context.Domain.RunAsync($"return {device} to the host", domain => domain.ReturnToHost(device), cancellationToken).ConfigureAwait(false);
        }

        await context.Drivers.WaitAsync(
            device, driver => !HostDrivers.IsForGuests(driver), "unbound from the driver for guests", context.Options.DriverTimeout, cancellationToken).ConfigureAwait(false);
        await context.Drivers.ClearSlotAsync(device, wanted: null, context.Options.DriverTimeout, cancellationToken).ConfigureAwait(false);
    }
}
