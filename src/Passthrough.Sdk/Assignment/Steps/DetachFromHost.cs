using Passthrough.Sdk.Hostdev.Domains;
using Passthrough.Sdk.Plans;
using Passthrough.Sdk.Readiness;

namespace Passthrough.Sdk.Assignment.Steps;

/// <summary>Binds the device to VFIO before it is attached, so that a driver that does not release it is found before the guest is changed.</summary>
internal sealed class DetachFromHost : AssignmentStep
{
    public override PlanStepKind Kind => PlanStepKind.DetachFromHost;

    public override bool ChangesDriver => true;

    public override bool TakesDevice => true;

    // Members of one group that are attached to a running guest one after the other: all must be off the host before the first is attached.
    // What libvirt does not manage must be off the host whenever the guest begins to use it.
    public override bool IsNeeded(AssignedDevice device, AssignmentFacts facts) =>
        !HostDrivers.IsForGuests(device.Driver) && facts.Drivers.IsThere(device.Address)
        && (IsLeftToLibvirt(device, facts)
            ? facts.Sharing.Contains(device.Address) && facts.ChangesGuest && !DomainXml.Takes(facts.Live, device.Address)
            : !facts.IsLive(device) && (!facts.IsManaged || facts.ChangesGuest));

    // The domain may have it already, as one that libvirt does not manage.
    private static bool IsLeftToLibvirt(AssignedDevice device, AssignmentFacts facts) =>
        facts.IsManaged && DomainXml.IsManagedElement(device.ElementInGuest);

    public override StepWords Describe(AssignedDevice device, AssignmentFacts facts) => new(
        $"take {device.Address} from {device.Driver ?? "no driver"} and bind it to VFIO{(IsLeftToLibvirt(device, facts) ? ", with the rest of its group" : "")}",
        $"return {device.Address} to {device.Driver ?? "the host"}",
        $"nodedev-detach {device.Address.NodeDeviceName}");

    public override Task ApplyAsync(StepContext context, CancellationToken cancellationToken) => BindAsync(context, cancellationToken);

    public override Task UndoAsync(StepContext context) =>
        HostState.RestoreAsync(context, new(context.Device.Driver, context.Device.DriverOverride), CancellationToken.None);

    /// <summary>Binds the device to VFIO through libvirt, which then regards it as detached by the administrator, and verifies it.</summary>
    internal static async Task BindAsync(StepContext context, CancellationToken cancellationToken)
    {
        var device = context.Device.Address;
        await context.Domain.RunAsync($"detach {device} from the host", domain => domain.DetachFromHost(device), cancellationToken).ConfigureAwait(false);
        await context.Drivers.WaitAsync(
            device, HostDrivers.IsForGuests, "bound to a driver for guests (such as vfio-pci)", context.Options.DriverTimeout, cancellationToken).ConfigureAwait(false);
    }
}
