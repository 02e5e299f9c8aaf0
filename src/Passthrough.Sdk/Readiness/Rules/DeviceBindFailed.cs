using System.Collections.Immutable;

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
                + "refusal in its log an error, without it a warning, since nobody may have tried yet. An error of libvirt's or the "
                + "kernel's is explained by the same id.",
            Remedy =
                "Read the kernel's log for the device's address. Mend what it names, then: echo ADDRESS > /sys/bus/pci/drivers_probe; "
                + "to give up: echo > driver_override, and the same.",
        },
    ];

    public ImmutableArray<string> ExplainedBy { get; } =
        [.. Causes.OfNoIommu, .. Causes.OfNoModule, FindingIds.VfioModuleNotLoaded, FindingIds.DeviceUnresponsive, FindingIds.XenPcibackMissing];

    public IEnumerable<Finding> Check(ReadinessContext context)
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
