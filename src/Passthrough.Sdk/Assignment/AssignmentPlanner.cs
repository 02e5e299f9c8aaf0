using Passthrough.Sdk.Drivers.Records;
using Passthrough.Sdk.Assignment.Guards;
using Passthrough.Sdk.Assignment.Requests;
using Passthrough.Sdk.Assignment.Steps;
using Passthrough.Sdk.Drivers;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Hostdev.Domains;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Plans;
using Passthrough.Sdk.Plans.Guards;
using Passthrough.Sdk.Plans.Saved;
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
    /// <param name="request">What is asked for.</param>
    /// <param name="devices">All devices, with those that go along.</param>
    /// <param name="sharing">Those of them that share an IOMMU group with another of them.</param>
    /// <param name="domain">The domain.</param>
    /// <param name="drivers">The drivers according to the host's files.</param>
    /// <param name="findings">The findings of the plan.</param>
    /// <param name="executor">Applies the plan.</param>
    /// <exception cref="AssignmentException">The request contradicts itself or the domain.</exception>
    public static AssignmentPlan Assign(
        AssignmentRequest request,
        ValueList<PciDevice> devices,
        IReadOnlySet<PciAddress> sharing,
        IAssignmentDomain domain,
        DriverWatch drivers,
        ValueList<Finding> findings,
        AssignmentExecutor executor)
    {
        var (definition, live) = Read(domain);
        RequireScope(request.Scope, domain, definition, live);
        var places = new GuestPlaces(request, domain.Name, definition, live);
        ValueList<AssignedDevice> assigned =
        [
            .. places.Of(devices).Select(place => new AssignedDevice(place.Device, drivers.Read(place.Device), place.Definition) { LiveXml = place.Live }),
            .. DevicesOf([.. request.Devices.Except(devices.Select(device => device.Address))], drivers), // those that do not exist refuse the plan
        ];
        var facts = new AssignmentFacts(domain, drivers, executor.Records, definition, live, sharing)
        {
            Overruled = PlanGuards.Overruled(findings, executor.Accepted),
            Scope = request.Scope,
            IsManaged = request.IsManaged,
            Controllers = places.Controllers,
            First = assigned.Select(device => (PciAddress?)device.Address).FirstOrDefault(),
        };
        ValueList<Finding> own = places.FunctionsApart.IsEmpty ? [] : [FunctionsApart(domain, places.FunctionsApart)];
        return Plan(PlanKind.Assign, assigned, facts, [.. findings, .. own], executor, SavedRequest.Of(request));
    }

    /// <summary>Plans the release of devices from a domain. Steps whose result already holds are left out.</summary>
    /// <exception cref="AssignmentException">The request contradicts the domain.</exception>
    public static AssignmentPlan Release(
        ReleaseRequest request, ValueList<PciAddress> addresses, IAssignmentDomain domain, DriverWatch drivers, ValueList<Finding> findings, AssignmentExecutor executor)
    {
        var (definition, live) = Read(domain);
        RequireScope(request.Scope, domain, definition, live);
        var facts = new AssignmentFacts(domain, drivers, executor.Records, definition, live, new HashSet<PciAddress>()) { Scope = request.Scope };
        ValueList<AssignedDevice> devices =
            [.. DevicesOf(addresses, drivers, live, definition).Select(device => device with { ReturnTo = facts.StaysUnmanaged(device) ? null : RecordOf(device, facts)?.Binding })];
        var hidden = facts.ChangesDefinition ? FunctionsHidden.Find(addresses, definition, domain.Name) : [];
        return Plan(PlanKind.Release, devices, facts, [.. findings, .. hidden, .. NotBoundAtStart.Find(devices, facts)], executor, SavedRequest.Of(request));
    }

    // A plan for a guest that does not run, or for a definition that does not exist, would have nothing to do and look as if all were well.
    private static void RequireScope(AssignmentScope scope, IAssignmentDomain domain, string definition, string live)
    {
        if (scope == AssignmentScope.Live && live.Length == 0)
        {
            throw new AssignmentException(domain.Name, $"{domain.Name} is shut off, so no running guest can be changed; change the definition (--config), or start the domain first");
        }

        if (scope == AssignmentScope.Definition && definition.Length == 0)
        {
            throw new AssignmentException(domain.Name, $"{domain.Name} is transient: it has no definition that could be changed; change the running guest (--live)");
        }
    }

    private static Finding FunctionsApart(IAssignmentDomain domain, ValueList<PciAddress> devices) => FindingFactory.Of(
        devices,
        FindingIds.PlanFunctionsApart,
        FindingSeverity.Info,
        $"the running {domain.Name} gets {string.Join(", ", devices)} in separate slots, because libvirt plugs in single functions only; from its next start on they share a slot",
        $"start {domain.Name} again when it suits, or assign the card to the definition only (--config)",
        new Evidence($"virsh domstate {domain.Name}", "running"));

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
        [.. addresses.Distinct().Select(address => new AssignedDevice(address, drivers.Read(address), DomainXml.StoredOf(address, documents)))];

    private static AssignmentPlan Plan(
        PlanKind kind, ValueList<AssignedDevice> devices, AssignmentFacts facts, ValueList<Finding> findings, AssignmentExecutor executor, PlanDocumentRequest? request) =>
        new(kind, facts.Domain.Connection, facts.Domain.Name, devices, AssignmentSteps.Of(kind, devices, facts), findings, facts.Definition, executor)
        {
            Origin = executor.Origin,
            Request = request,
            Scope = facts.Scope,
            Controllers = facts.Controllers,
            StayingInDomain = kind == PlanKind.Release ? [.. devices.Where(facts.StaysInDomain).Select(device => device.Address)] : [],
            DomainUuid = facts.Domain.Uuid,
            WasRunning = facts.Live.Length > 0,
            LiveBefore = facts.Live.Length > 0 ? [.. devices.Select(device => device.Address).Where(address => DomainXml.Takes(facts.Live, address))] : [],
        };
}
