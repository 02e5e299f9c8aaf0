using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Pci;

namespace Passthrough.Sdk.Readiness.Rules;

/// <summary>Reports a device that is reserved for a passthrough driver that did not bind to it, or that its driver did not
/// release.</summary>
internal sealed class DeviceBindFailed : IReadinessRule
{
    public ValueList<FindingDescription> Describes { get; } =
    [
        new()
        {
            Id = FindingIds.DeviceDriverBindFailed,
            Severity = FindingSeverity.Error,
            Title = "a driver did not bind to the device, or did not release it",
            Meaning =
                "libvirt says: failed to bind PCI device to driver vfio-pci. The driver refused the device (no IOMMU group, "
                + "interrupts in use, a device that does not respond), or the previous driver did not release it because something "
                + "was using it.",
            Detection =
                "driver_override of the device names vfio-pci or another passthrough driver, and no driver is bound: an error if "
                + "the kernel's log contains its refusal, else a warning, because binding may not have been attempted yet. Or no "
                + "driver is bound, but the device has message interrupts: its driver is being unbound and has not finished, which "
                + "is an error. If the device is only enabled, it is unknown. An error of libvirt or the kernel about this is "
                + "explained with the same id.",
            Remedy =
                "Search the kernel's log for the device's address and fix the cause, then: echo ADDRESS > "
                + "/sys/bus/pci/drivers_probe. To return the device to its own driver: echo > driver_override, and then the same "
                + "command. If a driver does not release the device, find and end what uses it.",
        },
    ];

    public ValueList<string> ExplainedBy { get; } =
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
                [device.Address],
                FindingIds.DeviceDriverBindFailed,
                FindingSeverity.Error,
                $"the driver of {device.Address} is being unbound and has not finished",
                "find and end what uses the device (fuser -v on its nodes under /dev), or the program that requested the unbinding; the kernel's log may name the waiting process. No signal ends the wait itself",
                new Evidence($"{directory}/driver", "absent"),
                new Evidence($"{directory}/msi_irqs", string.Join(' ', interrupts)))
            : FindingFactory.Undetermined(
                [device.Address],
                FindingIds.DeviceDriverBindFailed,
                $"whether a driver has released {device.Address}",
                Fact.Unknown<string>($"{directory}/driver_override", "no driver is bound, but the device is enabled; the kernel may not show this file until a driver has released the device")) with
            {
                Remedy = $"check whether something still uses {device.Address}, and search the kernel's log; if nothing uses it, the driver left it enabled, which is harmless",
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
                [device.Address],
                FindingIds.DeviceDriverBindFailed,
                refusals.Count > 0 ? FindingSeverity.Error : FindingSeverity.Warning,
                $"{device.Address} is reserved for {device.Details!.DriverOverride} and has no driver"
                + (refusals.Count > 0 ? $": {refusals[^1].Value}" : ": that driver did not bind to it, or binding was not attempted"),
                $"search the kernel's log for {device.Address}, then try again: echo {device.Address} > /sys/bus/pci/drivers_probe",
                [new Evidence($"/sys/bus/pci/devices/{device.Address}/driver_override", device.Details.DriverOverride!), .. refusals]);
        }
    }
}
