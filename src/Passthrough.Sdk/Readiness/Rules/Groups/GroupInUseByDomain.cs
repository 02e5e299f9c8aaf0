using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Libvirt;
using Passthrough.Sdk.Pci;

namespace Passthrough.Sdk.Readiness.Rules;

/// <summary>Reports that another domain has a member of the device's IOMMU group, which belongs to one guest at a time.</summary>
internal sealed class GroupInUseByDomain : IReadinessRule
{
    public ValueList<FindingDescription> Describes { get; } =
    [
        new()
        {
            Id = FindingIds.GroupInUseByDomain,
            Severity = FindingSeverity.Error,
            Title = "another domain has a device of the same IOMMU group",
            Meaning =
                "VFIO gives a group to only one process. libvirt refuses to start the second domain: PCI device ADDRESS is in use "
                + "by driver QEMU, domain NAME. If libvirt does not know about the first one (an emulator started by hand, "
                + "arguments for QEMU), it takes the device from its driver, and QEMU says: vfio ADDRESS: failed to open "
                + "/dev/vfio/N: Device or resource busy. If the other domain is shut off and only its definition uses a member, the "
                + "two cannot run at the same time, which is a warning.",
            Detection =
                "The members of the group in /sys/kernel/iommu_groups/N/devices are compared with the devices of the running "
                + "domains (virsh dumpxml) and of the definitions (virsh dumpxml --inactive). Only if libvirt was queried. The "
                + "target domain itself may have other members. A plan for several domains is also compared with itself: it may give the "
                + "members of a group to only one of them if one of the guests is running.",
            Remedy = "Assign all members to the same domain, or release those of the other domain first, or move the card to a slot with its own group.",
        },
    ];

    public ValueList<string> ExplainedBy { get; } = [FindingIds.DeviceInUseByDomain];

    public IEnumerable<Finding> Check(ReadinessContext context)
    {
        if (!context.NeedsVfio)
        {
            yield break;
        }

        foreach (var wanted in context.Devices.Where(device => device.IommuGroupId is not null).GroupBy(device => device.IommuGroupId!.Value))
        {
            if (!context.Snapshot.IommuGroups.TryGet(wanted.Key, out var group))
            {
                continue;
            }

            var together = wanted.Select(device => device.Address).ToHashSet();
            var others = group.Devices.Where(address => !together.Contains(address)).ToHashSet();
            var uses = context.Uses.Where(use => others.Contains(use.Device) && use.Part is null).ToList();
            var running = uses.Where(use => use.IsRunning).ToList();
            if (running.Count > 0)
            {
                yield return Of(together, FindingSeverity.Error, running,
                    $"IOMMU group {wanted.Key} of {string.Join(", ", together)} is in use: {Describe(running, "the running domain")}",
                    $"assign all members of the group to the same domain, or release {string.Join(", ", running.Select(use => use.Device).Distinct())} there first, or move the card to {GroupCause.BetterSlot(context.Snapshot)}");
            }
            else if (uses.Count > 0)
            {
                yield return Of(together, FindingSeverity.Warning, uses,
                    $"IOMMU group {wanted.Key} of {string.Join(", ", together)} is also used by another definition: {Describe(uses, "the definition of")}",
                    $"nothing has to be done if the domains do not run at the same time; otherwise assign all members to the same domain, or move the card to {GroupCause.BetterSlot(context.Snapshot)}");
            }
        }
    }

    private static string Describe(IEnumerable<DomainDeviceUse> uses, string owner) =>
        string.Join("; ", uses.GroupBy(use => use.Domain).Select(domain => $"{owner} {domain.Key} has {string.Join(", ", domain.Select(use => use.Device).Distinct())}"));

    private static Finding Of(IEnumerable<PciAddress> devices, FindingSeverity severity, List<DomainDeviceUse> uses, string title, string remedy) =>
        FindingFactory.Of([.. devices], FindingIds.GroupInUseByDomain, severity, title, remedy, [.. uses.Select(use => new Evidence(use.Source, $"{use.Device} {use.Element}"))]);
}
