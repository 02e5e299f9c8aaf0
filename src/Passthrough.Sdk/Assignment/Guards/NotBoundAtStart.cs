using Passthrough.Sdk.Assignment.Steps;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Hostdev.Domains;
using Passthrough.Sdk.Plans;
using Passthrough.Sdk.Readiness;

namespace Passthrough.Sdk.Assignment.Guards;

/// <summary>
/// Warns of a release from the running guest that returns a device to the host although the definition keeps it and does not let libvirt bind it: the
/// domain does not start then.
/// </summary>
internal static class NotBoundAtStart
{
    /// <summary>Finds those of the devices.</summary>
    /// <param name="released">The devices that are released.</param>
    /// <param name="facts">The domain.</param>
    public static ValueList<Finding> Find(ValueList<AssignedDevice> released, AssignmentFacts facts) => facts.Scope != AssignmentScope.Live
        ? []
        : [.. released
            .Where(device => facts.IsDefined(device) && !DomainXml.IsManaged(facts.Definition, device.Address)
                && facts.IsLive(device) && DomainXml.IsManaged(facts.Live, device.Address)
                && !HostDrivers.IsForGuests(device.ReturnTo?.Driver))
            .Select(device => FindingFactory.Of(
                [device.Address],
                FindingIds.PlanNotBoundAtStart,
                FindingSeverity.Warning,
                $"{device.Address} returns to the host's driver, and {facts.Domain.Name} does not start with it: libvirt manages the device in the running guest, but not in the definition",
                $"before the next start: passthrough bind {device.Address}; or release it from the definition too",
                new Evidence($"virsh dumpxml {facts.Domain.Name}", "managed='yes'"),
                new Evidence($"virsh dumpxml {facts.Domain.Name} --inactive", "managed='no'")))];
}
