using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Pci;

namespace Passthrough.Sdk.Readiness.Rules;

/// <summary>Reports a device that libvirt bound to pciback for a guest that has ended.</summary>
internal sealed class XenDeviceNotReturned : IReadinessRule
{
    public ValueList<FindingDescription> Describes { get; } =
    [
        new()
        {
            Id = FindingIds.XenDeviceNotReturned,
            Severity = FindingSeverity.Warning,
            Title = "a guest ended without returning the device to the host",
            Meaning =
                "If a guest of Xen switches itself off, libvirt returns its managed device some seconds later, or leaves it bound to "
                + "pciback. The host's own driver does not have the device until somebody returns it. Another guest, or the same one, can "
                + "still get it.",
            Detection =
                "The device is bound to pciback by driver_override, as libvirt binds it; no running domain has it, and the definition of a "
                + "domain names it as a device that libvirt manages. Only if libvirt was queried.",
            Remedy = "Release it from that domain (PassthroughHost.PlanRelease), or run virsh -c xen:///system nodedev-reattach.",
        },
    ];

    public IEnumerable<Finding> Check(ReadinessContext context)
    {
        foreach (var device in context.Devices)
        {
            if (context.IsDom0 && context.Libvirt is { Version.IsKnown: true } libvirt && device is { Driver: "pciback", Details.DriverOverride: "pciback" }
                && !libvirt.Uses.Any(use => use.IsRunning && use.Device == device.Address)
                && libvirt.Uses.FirstOrDefault(use => use is { IsRunning: false, IsManaged: true, IsIndirect: false } && use.Device == device.Address) is { } use)
            {
                yield return Of(device.Address, use.Domain, use.Source);
            }
        }
    }

    private static Finding Of(PciAddress device, string domain, string source) => FindingFactory.Of(
        [device],
        FindingIds.XenDeviceNotReturned,
        FindingSeverity.Warning,
        $"{device} is still bound to pciback, although no running domain has it: {domain}, whose definition names it, did not return it",
        $"to return it to the host, release it from {domain} (PassthroughHost.PlanRelease), or virsh -c xen:///system nodedev-reattach {device.NodeDeviceName}",
        new Evidence($"/sys/bus/pci/devices/{device}/driver", "pciback"),
        new Evidence($"/sys/bus/pci/devices/{device}/driver_override", "pciback"),
        new Evidence(source, "<hostdev managed='yes'>"));
}
