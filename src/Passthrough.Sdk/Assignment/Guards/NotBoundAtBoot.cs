using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Host;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Readiness;

namespace Passthrough.Sdk.Assignment.Guards;

/// <summary>Warns of a device that libvirt does not manage and that nobody binds after a reboot.</summary>
internal static class NotBoundAtBoot
{
    /// <summary>Finds those of the devices.</summary>
    public static ValueList<Finding> Find(HostSnapshot snapshot, AssignmentRequest request, ValueList<PciAddress> devices)
    {
        if (request.IsManaged || request.Scope == AssignmentScope.Live)
        {
            return [];
        }

        var configured = snapshot.System.Persistence.Devices;
        return
        [
            .. devices
                .Where(device => !configured.IsKnown || !configured.Value.Any(each => each.Address == device && HostDrivers.IsForGuests(each.Driver)))
                .Select(device => configured.IsUnknown
                    ? FindingFactory.Undetermined([device], FindingIds.PlanNotBoundAtBoot, $"whether {device} is bound for guests after a reboot", configured, FindingSeverity.Warning)
                    : FindingFactory.Of(
                        [device],
                        FindingIds.PlanNotBoundAtBoot,
                        FindingSeverity.Warning,
                        $"libvirt does not manage {device}, and after a reboot nobody binds it for guests",
                        $"passthrough persist add {device}",
                        new Evidence("/etc/udev/rules.d", $"no rule binds {device}"))),
        ];
    }
}
