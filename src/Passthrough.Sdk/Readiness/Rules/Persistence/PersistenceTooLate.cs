using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Persistence.Rules;

namespace Passthrough.Sdk.Readiness.Rules;

/// <summary>Reports a device whose rule file would leave it to the driver that has it first, and that is not bound in the initramfs.</summary>
internal sealed class PersistenceTooLate : IReadinessRule
{
    public ValueList<FindingDescription> Describes { get; } =
    [
        new()
        {
            Id = FindingIds.PersistenceTooLate,
            Severity = FindingSeverity.Warning,
            Title = "the rule does not take a disk controller or a display from a driver that has it already",
            Meaning =
                "The initramfs loads the drivers of disks and displays, so they usually have their devices before udev reads the rule. The rule "
                + "then leaves the device to that driver, because a file system or the console may be on it, and writes a line that begins with "
                + "passthrough: to the kernel's log. The device is bound to vfio-pci only if no driver has it at that time.",
            Detection =
                "The class of the device is that of a disk controller or a display, and the configuration does not have both its ids for vfio-pci "
                + "and vfio-pci in the initramfs. The image itself is not opened.",
            Remedy =
                "Bind the device in the initramfs: passthrough boot apply --early-binding ADDRESS, in a program PlanBoot with "
                + "BootRecommendation.ForEarlyBinding. This goes by vendor and device id, so it takes every device with the same ids. If that is not "
                + "wanted, let libvirt take the device when the guest starts (managed='yes').",
        },
    ];

    public IEnumerable<Finding> Check(ReadinessContext context) => context.Devices
        .Where(device => UdevRuleWriter.LeavesToDriver(device.ClassCode) && !EarlyBinding.IsConfigured(context.System, device))
        .Select(device => Judge(context, device));

    private static Finding Judge(ReadinessContext context, PciDevice device)
    {
        var kind = device.ClassCode is { IsDisplay: true } ? "display" : "disk controller";
        var twins = EarlyBinding.TwinsOf(device, context.Snapshot.Devices);
        var isBuiltIn = HostDrivers.IsInUseByHost(device) && context.System.Modules[device.Driver!].IsBuiltIn.Value;
        var remedy = isBuiltIn ? BootOrder.Explain(context.System, device).Remedy
            : twins.IsEmpty ? $"bind it in the initramfs: {EarlyBinding.CommandFor(device.Address)}"
            : $"early binding goes by ids and takes {string.Join(", ", twins.Select(twin => twin.Address))} too [{FindingIds.DeviceIdenticalTwin}]: if the host can do without {(twins.Count == 1 ? "it" : "them")}, "
                + $"{EarlyBinding.CommandFor(device.Address)}; otherwise let libvirt take {device.Address} when the guest starts (managed='yes')";
        return FindingFactory.Of(
            [device.Address],
            FindingIds.PersistenceTooLate,
            FindingSeverity.Warning,
            $"{device.Address} is a {kind}: if a driver from the initramfs has it when udev reads the rule, the rule leaves it to that driver",
            remedy,
            [
                new Evidence($"/sys/bus/pci/devices/{device.Address}/class", device.ClassCode!.Value.ToString()),
                .. twins.Select(twin => new Evidence($"/sys/bus/pci/devices/{twin.Address}", twin.ToString())),
            ]);
    }
}
