using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Libvirt;
using Passthrough.Sdk.Pci;

namespace Passthrough.Sdk.Readiness.Rules;

/// <summary>Reports that the definition of another domain also uses the device, whether that domain is running or shut off.</summary>
internal sealed class DeviceInOtherDefinition : IReadinessRule
{
    public ValueList<FindingDescription> Describes { get; } =
    [
        new()
        {
            Id = FindingIds.DeviceInOtherDefinition,
            Severity = FindingSeverity.Warning,
            Title = "the definition of another domain also uses the device",
            Meaning =
                "Only one of the domains can run at a time: the start of the other fails with: Requested operation is not valid: "
                + "PCI device ADDRESS is in use by driver QEMU, domain NAME. It is common that several domains use one device in "
                + "turn, so this finding does not refuse a plan. A definition that has a disk or a network interface of the host which "
                + "is on the device cannot start without it either, not even if it is the definition of the domain that gets the device.",
            Detection =
                "The persistent definition of every domain (virsh dumpxml --inactive), including those that are shut off: host "
                + "devices, interfaces, disks of type nvme, arguments for QEMU, the pools of the networks of its interfaces, and the "
                + "disks (type block) and network interfaces (type direct) of the host that are on the device. "
                + "Only if libvirt was queried. If no target domain is given, a single definition that uses the device is reported "
                + "as information.",
            Remedy = "Nothing has to be done if the domains run in turn. Otherwise remove the device from the definition that does not need it: virsh edit NAME.",
        },
    ];

    public ValueList<string> ExplainedBy { get; } = [FindingIds.DeviceInUseByDomain];

    public IEnumerable<Finding> Check(ReadinessContext context)
    {
        foreach (var address in context.Addresses)
        {
            if (context.Target?.Uses.FirstOrDefault(use => use.IsBuiltOn && use.Device == address) is { } own)
            {
                yield return OfTarget(address, own);
            }

            var uses = context.Uses.Where(use => !use.IsRunning && use.Device == address).ToList();
            var domains = uses.Select(use => use.Domain).Distinct().ToList();
            if (domains.Count == 0)
            {
                continue;
            }

            var names = string.Join(", ", domains);
            var isUsual = context.Target is null && domains.Count == 1;
            yield return FindingFactory.Of(
                [address],
                FindingIds.DeviceInOtherDefinition,
                isUsual ? FindingSeverity.Info : FindingSeverity.Warning,
                isUsual ? $"the definition of the domain {names} uses {address}"
                    : context.Target is null ? $"the definitions of {domains.Count} domains use {address}: {names}"
                    : $"{(domains.Count == 1 ? "another definition also uses" : "other definitions also use")} {address}: {names}",
                isUsual
                    ? $"nothing has to be done if the device is meant for {names}; to remove it from there: virsh edit {names}"
                    : $"nothing has to be done if the domains run in turn; otherwise remove it from the definition that does not need it: virsh edit {domains[0]}",
                [.. uses.Select(use => new Evidence(use.Source, use.Element))]);
        }
    }

    private static Finding OfTarget(PciAddress address, DomainDeviceUse use) => FindingFactory.Of(
        [address],
        FindingIds.DeviceInOtherDefinition,
        FindingSeverity.Warning,
        $"the definition of {use.Domain} also has {use.Element}, which the host no longer has when {use.Domain} gets {address}",
        $"remove it from the definition before the next start, or {use.Domain} does not start: virsh edit {use.Domain}",
        new Evidence(use.Source, use.Element));
}
