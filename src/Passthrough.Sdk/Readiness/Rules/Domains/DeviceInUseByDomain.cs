using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.Readiness.Rules;

/// <summary>Reports that another running domain owns the device.</summary>
internal sealed class DeviceInUseByDomain : IReadinessRule
{
    public ValueList<FindingDescription> Describes { get; } =
    [
        new()
        {
            Id = FindingIds.DeviceInUseByDomain,
            Severity = FindingSeverity.Error,
            Title = "another running domain owns the device",
            Meaning =
                "A device belongs to one guest at a time. libvirt says: Requested operation is not valid: PCI device ADDRESS is "
                + "in use by driver QEMU, domain NAME. It does not notice a device that a domain uses through arguments for QEMU or "
                + "through a part of the device: a mediated device, or a vDPA device.",
            Detection =
                "The XML of every running domain (virDomainGetXMLDesc): host devices, interfaces, disks of type nvme, and "
                + "arguments for QEMU. The links in /sys show the device behind a vDPA node or a mediated device. Only if libvirt "
                + "was queried.",
            Remedy = "Release the device from that domain first, or shut the domain down.",
        },
    ];

    public IEnumerable<Finding> Check(ReadinessContext context)
    {
        foreach (var address in context.Reached)
        {
            if (!context.Owners.TryGetValue(address, out var owner))
            {
                continue;
            }

            var use = context.Uses.FirstOrDefault(use => use.IsRunning && use.Device == address && use.Domain == owner);
            yield return FindingFactory.Of(
                [address],
                FindingIds.DeviceInUseByDomain,
                FindingSeverity.Error,
                use?.Part is { } part ? $"a part of {address}, {part}, belongs to the running domain {owner}" : $"{address} belongs to the running domain {owner}",
                $"detach it from {owner} first (virsh detach-device {owner} DEVICE.xml), or shut that domain down (virsh shutdown {owner})",
                new Evidence(use is null ? "virDomainGetXMLDesc" : $"virsh dumpxml {owner}", use is null ? owner : use.Element));
        }
    }
}
