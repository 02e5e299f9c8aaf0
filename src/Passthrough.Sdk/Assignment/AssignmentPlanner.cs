using System.Collections.Immutable;
using Passthrough.Sdk.Assignment.Steps;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Readiness;

namespace Passthrough.Sdk.Assignment;

/// <summary>
/// Makes plans. Devices go through each kind of step together, as libvirt does it.
/// </summary>
/// <remarks>
/// A device is managed: libvirt takes it from its driver when it is attached and gives it back when the guest ends. Members
/// of one group that are attached to a running guest one after the other need more: all must be off the host before the first is
/// attached. libvirt then takes them for the administrator's own and leaves them off the host when the guest ends, so this
/// is done only where a group asks for it.
/// </remarks>
internal static class AssignmentPlanner
{
    /// <summary>Plans to give devices to a domain. What is so already is no step.</summary>
    /// <param name="addresses">The devices.</param>
    /// <param name="sharing">Those of them that share an IOMMU group with another of them.</param>
    /// <param name="domain">The domain.</param>
    /// <param name="drivers">The host's own view of drivers.</param>
    /// <param name="findings">What speaks against it.</param>
    /// <param name="executor">Applies the plan.</param>
    public static AssignmentPlan Assign(
        IReadOnlyList<PciAddress> addresses, IReadOnlySet<PciAddress> sharing, IAssignmentDomain domain, DriverWatch drivers, ImmutableArray<Finding> findings, AssignmentExecutor executor)
    {
        var (definition, live) = Read(domain);
        var devices = DevicesOf(addresses, drivers);
        var steps = new List<Draft>();
        foreach (var device in devices.Where(device =>
            sharing.Contains(device.Address) && domain.IsRunning && !DomainXml.Asks(live, device.Address) && !HostDrivers.IsForGuests(device.Driver)))
        {
            steps.Add(new(AssignmentStepKind.DetachFromHost, device,
                $"take {device.Address} from {device.Driver ?? "no driver"} and bind it to VFIO, with the rest of its group",
                $"give {device.Address} back to {device.Driver ?? "the host"}",
                $"nodedev-detach {device.Address.NodeDeviceName}"));
        }

        foreach (var device in devices.Where(device => domain.IsPersistent && !DomainXml.Asks(definition, device.Address)))
        {
            steps.Add(new(AssignmentStepKind.AddToDefinition, device,
                $"add {device.Address} to the definition of {domain.Name}",
                "put the old definition back",
                $"attach-device {domain.Name} DEVICE.xml --config"));
        }

        foreach (var device in devices.Where(device => domain.IsRunning && !DomainXml.Asks(live, device.Address)))
        {
            steps.Add(new(AssignmentStepKind.AttachLive, device,
                $"take {device.Address} from {device.Driver ?? "no driver"} and plug it into the running {domain.Name}",
                "unplug it and wait until the guest has let go",
                $"attach-device {domain.Name} DEVICE.xml --live"));
        }

        return Plan(AssignmentIntent.Assign, domain, devices, steps, findings, definition, executor);
    }

    /// <summary>Plans to take devices back from a domain. What is so already is no step.</summary>
    public static AssignmentPlan Release(
        IReadOnlyList<PciAddress> addresses, IAssignmentDomain domain, DriverWatch drivers, ImmutableArray<Finding> findings, AssignmentExecutor executor)
    {
        var (definition, live) = Read(domain);
        var devices = DevicesOf(addresses, drivers, live, definition);
        var steps = new List<Draft>();
        foreach (var device in devices.Where(device => domain.IsRunning && DomainXml.Asks(live, device.Address)))
        {
            steps.Add(new(AssignmentStepKind.DetachLive, device,
                $"unplug {device.Address} from the running {domain.Name} and wait until the guest has let go",
                "plug it in again",
                $"detach-device {domain.Name} DEVICE.xml --live"));
        }

        foreach (var device in devices.Where(device => domain.IsPersistent && DomainXml.Asks(definition, device.Address)))
        {
            steps.Add(new(AssignmentStepKind.RemoveFromDefinition, device,
                $"remove {device.Address} from the definition of {domain.Name}",
                "put the old definition back",
                $"detach-device {domain.Name} DEVICE.xml --config"));
        }

        foreach (var device in devices.Where(device => HostDrivers.IsForGuests(device.Driver)))
        {
            steps.Add(new(AssignmentStepKind.ReturnToHost, device,
                $"give {device.Address} back to the host's driver",
                "nothing: plugging it in again binds it by itself",
                $"nodedev-reattach {device.Address.NodeDeviceName}"));
        }

        return Plan(AssignmentIntent.Release, domain, devices, steps, findings, definition, executor);
    }

    private static (string Definition, string Live) Read(IAssignmentDomain domain) =>
        (domain.IsPersistent ? domain.ReadDefinition() : "", domain.IsRunning ? domain.ReadLive() : "");

    private static ImmutableArray<AssignedDevice> DevicesOf(IReadOnlyList<PciAddress> addresses, DriverWatch drivers, params string[] documents) =>
        [.. addresses.Distinct().Select(address => new AssignedDevice(address, drivers.Read(address), DomainXml.ElementOf(address, documents)))];

    private static AssignmentPlan Plan(
        AssignmentIntent intent, IAssignmentDomain domain, ImmutableArray<AssignedDevice> devices, List<Draft> drafts,
        ImmutableArray<Finding> findings, string definition, AssignmentExecutor executor)
    {
        var refused = findings.Any(finding => finding.Severity == FindingSeverity.Error);
        ImmutableArray<AssignmentStep> steps = refused
            ? []
            : [.. drafts.Select((draft, i) => new AssignmentStep(
                i + 1, draft.Kind, draft.Device.Address, draft.Description, draft.Undo, $"virsh -c {domain.Connection} {draft.Command}"))];
        return new(intent, domain.Connection, domain.Name, devices, steps, findings, definition, executor);
    }

    private sealed record Draft(AssignmentStepKind Kind, AssignedDevice Device, string Description, string Undo, string Command);
}
