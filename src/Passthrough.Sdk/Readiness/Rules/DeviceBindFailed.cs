using System.Collections.Immutable;
using Passthrough.Sdk.Host;
using Passthrough.Sdk.Pci;

namespace Passthrough.Sdk.Readiness.Rules;

/// <summary>The device is reserved for a driver that hands it to guests, and that driver did not take it.</summary>
internal sealed class DeviceBindFailed : IReadinessRule
{
    public ImmutableArray<FindingDescription> Describes { get; } =
    [
        new()
        {
            Id = FindingIds.DeviceDriverBindFailed,
            Severity = FindingSeverity.Error,
            Title = "a driver did not take the device, or did not let it go",
            Meaning =
                "libvirt says: failed to bind PCI device to driver vfio-pci. The driver refused the device (no IOMMU group, "
                + "interrupts in use, a device that does not answer), or the old one did not let go of it while somebody used it.",
            Detection =
                "driver_override of the device names vfio-pci or another driver for guests, and no driver is bound: with the kernel's "
                + "refusal in its log an error, without it a warning, since nobody may have tried yet. Or no driver is bound and yet it "
                + "has message interrupts: its driver was told to let go and has not come to the end, an error; where it is only still "
                + "enabled, that is unknown. An error of libvirt's or the kernel's is explained by the same id.",
            Remedy =
                "Read the kernel's log for the device's address. Mend what it names, then: echo ADDRESS > /sys/bus/pci/drivers_probe; "
                + "to give up: echo > driver_override, and the same. "
                + "For a driver that does not let go find and end what uses the device.",
        },
    ];

    public ImmutableArray<string> ExplainedBy { get; } =
        [
            .. Causes.OfNoIommu, .. Causes.OfNoModule, FindingIds.VfioModuleNotLoaded, FindingIds.DeviceUnresponsive, FindingIds.XenPcibackMissing,
            FindingIds.DeviceHasOpenHandles, FindingIds.DeviceInUseByDomain,
        ];

    public IEnumerable<Finding> Check(ReadinessContext context) =>
        [.. NotTaken(context), .. context.Devices.Where(device => device.Details?.IsBeingReleased == true).Select(NotLetGo)];

    private static Finding NotLetGo(PciDevice device)
    {
        var directory = $"/sys/bus/pci/devices/{device.Address}";
        return device.Details?.MessageInterrupts is { IsEmpty: false } interrupts
            ? FindingFactory.Of(
                FindingIds.DeviceDriverBindFailed,
                FindingSeverity.Error,
                $"the driver of {device.Address} was told to let go and has not come to the end",
                "find and end what uses the device (fuser -v on its nodes under /dev), or what asked for it; the kernel's log may say who waits. No signal ends the wait itself",
                new Evidence($"{directory}/driver", "absent"),
                new Evidence($"{directory}/msi_irqs", string.Join(' ', interrupts)))
            : FindingFactory.Undetermined(
                FindingIds.DeviceDriverBindFailed,
                $"whether a driver has let go of {device.Address}",
                Fact.Unknown<string>($"{directory}/driver_override", "no driver is bound and yet the device is enabled; the kernel may not show it before a driver has let go")) with
            {
                Remedy = $"look whether something uses {device.Address} still, and into the kernel's log; where nothing does, the driver left it enabled when it went, which does no harm",
            };
    }

    private static IEnumerable<Finding> NotTaken(ReadinessContext context)
    {
        foreach (var device in context.Devices.Where(device => device.Driver is null && HostDrivers.IsForGuests(device.Details?.DriverOverride)))
        {
            var refusals = context.System.Kernel.Log.Value?.Lines
                .Where(line => line.Contains($"{device.Address}", StringComparison.Ordinal)
                    && (line.Contains("failed with error", StringComparison.Ordinal) || line.Contains("can't reserve", StringComparison.Ordinal)))
                .TakeLast(3)
                .Select(line => new Evidence(context.System.Kernel.Log.Source, line))
                .ToList() ?? [];
            yield return FindingFactory.Of(
                FindingIds.DeviceDriverBindFailed,
                refusals.Count > 0 ? FindingSeverity.Error : FindingSeverity.Warning,
                $"{device.Address} is reserved for {device.Details!.DriverOverride} and has no driver"
                + (refusals.Count > 0 ? $": {refusals[^1].Value}" : ": that driver did not take it, or nobody asked it to"),
                $"look into the kernel's log for {device.Address}, then try again: echo {device.Address} > /sys/bus/pci/drivers_probe",
                [new Evidence($"/sys/bus/pci/devices/{device.Address}/driver_override", device.Details.DriverOverride!), .. refusals]);
        }
    }
}
