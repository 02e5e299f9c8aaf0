using Passthrough.Sdk.Drivers.Records;
using Passthrough.Sdk.Assignment.Steps;
using Passthrough.Sdk.Drivers;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Hostdev.Domains;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Plans;
using Passthrough.Sdk.Plans.Guards;
using Passthrough.Sdk.Readiness;

namespace Passthrough.Sdk.Assignment;

/// <summary>
/// Makes plans. Devices go through each kind of step together, as libvirt does it.
/// </summary>
/// <remarks>
/// A device is managed: libvirt takes it from its driver when it is attached and returns it when the guest ends. Members
/// of one group that are attached to a running guest one after another need more: all must be unbound from the host's drivers before the first is
/// attached. libvirt then assumes that the administrator detached them, and does not return them when the guest ends, so this
/// is done only if a group requires it.
/// </remarks>
internal static class AssignmentPlanner
{
    /// <summary>Plans the assignment of devices to a domain. Steps whose result already holds are left out.</summary>
    /// <param name="addresses">The devices.</param>
    /// <param name="sharing">Those of them that share an IOMMU group with another of them.</param>
    /// <param name="domain">The domain.</param>
    /// <param name="drivers">The drivers according to the host's files.</param>
    /// <param name="findings">The findings of the plan.</param>
    /// <param name="executor">Applies the plan.</param>
    public static AssignmentPlan Assign(
        IReadOnlyList<PciAddress> addresses, IReadOnlySet<PciAddress> sharing, IAssignmentDomain domain, DriverWatch drivers, ValueList<Finding> findings, AssignmentExecutor executor)
    {
        var (definition, live) = Read(domain);
        return Plan(PlanKind.Assign, DevicesOf(addresses, drivers), new(domain, drivers, executor.Records, definition, live, sharing) { Overruled = PlanGuards.Overruled(findings, executor.Accepted) }, findings, executor);
    }

    /// <summary>Plans the release of devices from a domain. Steps whose result already holds are left out.</summary>
    public static AssignmentPlan Release(
        IReadOnlyList<PciAddress> addresses, IAssignmentDomain domain, DriverWatch drivers, ValueList<Finding> findings, AssignmentExecutor executor)
    {
        var (definition, live) = Read(domain);
        var facts = new AssignmentFacts(domain, drivers, executor.Records, definition, live, new HashSet<PciAddress>());
        var devices = DevicesOf(addresses, drivers, live, definition).Select(device => device with { ReturnTo = RecordOf(device, facts)?.Binding });
        return Plan(PlanKind.Release, [.. devices], facts, findings, executor);
    }

    // A record outlives its use where another program took the device from the domain. It still counts for what a plan itself took
    // from its driver, until the host has it again.
    private static BindingRecord? RecordOf(AssignedDevice device, AssignmentFacts facts) =>
        facts.Records.Find(device.Address, facts.Domain.Name) is { } record
        && (facts.IsLive(device) || facts.IsDefined(device) || (record.IsTakenByPlan && HostDrivers.IsForGuests(device.Driver)))
            ? record
            : null;

    private static (string Definition, string Live) Read(IAssignmentDomain domain) =>
        (domain.IsPersistent ? domain.ReadDefinition() : "", domain.IsRunning ? domain.ReadLive() : "");

    private static ValueList<AssignedDevice> DevicesOf(IReadOnlyList<PciAddress> addresses, DriverWatch drivers, params string[] documents) =>
        [.. addresses.Distinct().Select(address => new AssignedDevice(address, drivers.Read(address), DomainXml.ElementOf(address, documents)))];

    private static AssignmentPlan Plan(
        PlanKind kind, ValueList<AssignedDevice> devices, AssignmentFacts facts, ValueList<Finding> findings, AssignmentExecutor executor) =>
        new(kind, facts.Domain.Connection, facts.Domain.Name, devices, AssignmentSteps.Of(kind, devices, facts), findings, facts.Definition, executor)
        {
            Origin = executor.Origin,
            DomainUuid = facts.Domain.Uuid,
            WasRunning = facts.Live.Length > 0,
            LiveBefore = facts.Live.Length > 0 ? [.. devices.Select(device => device.Address).Where(address => DomainXml.Takes(facts.Live, address))] : [],
        };
}
