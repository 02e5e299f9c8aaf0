using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Hostdev;
using Passthrough.Sdk.Libvirt;

namespace Passthrough.Sdk.Readiness.Rules;

/// <summary>Reports a device to be released that is in a part of the domain's XML from which libvirt cannot remove it.</summary>
internal sealed class DomainDeviceByHand : IReadinessRule
{
    public ValueList<FindingDescription> Describes { get; } =
    [
        new()
        {
            Id = FindingIds.DomainDeviceByHand,
            Severity = FindingSeverity.Error,
            Title = "the domain uses the device in a part of its XML that only its administrator can change",
            Meaning =
                "virsh detach-device removes host devices, interfaces and disks. libvirt does not recognise these as devices with "
                + "that address: arguments that it passes on to QEMU unchanged, a vDPA interface, a mediated device, and an "
                + "interface that gets a function of a network's pool at each start.",
            Detection = "The domain's XML, running and persistent (virsh dumpxml, with and without --inactive), and the pools of the networks of its interfaces.",
            Remedy = "Edit the definition (virsh edit NAME) and remove what names the device. A running domain must be shut down, because arguments for QEMU stay in effect while it runs.",
        },
    ];

    public IEnumerable<Finding> Check(ReadinessContext context)
    {
        foreach (var address in context.Addresses)
        {
            var named = context.Target?.Uses.Where(use => use.Device == address && !use.IsBuiltOn).ToList() ?? [];
            var byHand = named.Where(IsByHand).ToList();
            if (byHand.Count == 0)
            {
                continue;
            }

            var name = context.Target!.Name;
            yield return FindingFactory.Of(
                [address],
                FindingIds.DomainDeviceByHand,
                byHand.Count == named.Count ? FindingSeverity.Error : FindingSeverity.Warning,
                $"{name} names {address} in {string.Join(" and ", byHand.Select(use => use.Element).Distinct())}, from which libvirt cannot remove it",
                $"{(byHand.Exists(use => use.IsRunning) ? $"shut {name} down (virsh shutdown {name}) and " : "")}edit its definition (virsh edit {name}): {string.Join("; ", byHand.Select(Advice).Distinct())}",
                [.. byHand.Select(use => new Evidence(use.Source, use.Element))]);
        }
    }

    private static bool IsByHand(DomainDeviceUse use) => use.Form == HostUseForm.CommandLine || use.IsIndirect;

    private static string Advice(DomainDeviceUse use) =>
        use.Form == HostUseForm.CommandLine ? $"remove the <qemu:arg> elements (or the <qemu:override>) that name {use.Device}"
        : use.Network is { } network ? $"remove its <interface> of the network '{network}', or remove {use.Device} from that network's pool (virsh net-edit {network})"
        : use.Part is { } part ? $"remove the <hostdev> of the mediated device {part}"
        : "remove the <interface type='vdpa'>";
}
