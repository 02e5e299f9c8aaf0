using Passthrough.Sdk.Readiness;

namespace Passthrough.Sdk.Explain;

/// <summary>Distinguishes causes that concern the affected devices from causes that concern the host, its libvirt or a domain.</summary>
internal static class CauseScope
{
    /// <summary>Returns whether the cause concerns devices.</summary>
    /// <param name="id">The finding's id.</param>
    public static bool IsOfDevices(string id) => id switch
    {
        FindingIds.GroupAcsOverride => false,
        FindingIds.DomainNoFreeSlot or FindingIds.DomainDeviceByHand or FindingIds.DomainDeviceNotFound or FindingIds.DomainGuestSlotOccupied
            or FindingIds.DomainUnplugRefused or FindingIds.DomainNotMigratable or FindingIds.IommuDmaFault or FindingIds.VfioDeviceDenylisted
            or FindingIds.VfioIdsTooLate or FindingIds.XenIgdPassthru => true,
        _ => id.StartsWith("device.", StringComparison.Ordinal) || id.StartsWith("group.", StringComparison.Ordinal)
            || id.StartsWith("sriov.", StringComparison.Ordinal) || id.StartsWith("mediated-device.", StringComparison.Ordinal),
    };
}
