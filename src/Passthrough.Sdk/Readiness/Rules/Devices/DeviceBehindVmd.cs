using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.Readiness.Rules;

/// <summary>Reports a device behind Intel's VMD, which can be assigned only with the whole controller.</summary>
internal sealed class DeviceBehindVmd : IReadinessRule
{
    public ValueList<FindingDescription> Describes { get; } =
    [
        new()
        {
            Id = FindingIds.DeviceBehindVmd,
            Severity = FindingSeverity.Error,
            Title = "the device is behind an Intel VMD controller",
            Meaning =
                "VMD (Volume Management Device) shows the NVMe disks behind it as functions of a separate PCI domain, such as "
                + "10000:01:00.0. The memory requests of such a disk carry the controller's address, so the IOMMU cannot "
                + "distinguish it from the controller, and VFIO can assign only the whole controller. When the driver vmd releases "
                + "the controller, all disks behind it disappear.",
            Detection =
                "A PCI domain above ffff, and the location of its root bus in sysfs: below the controller. If that is not known, "
                + "the function of the same IOMMU group that has the driver vmd.",
            Remedy =
                "Assign the controller itself, with every disk behind it; the guest needs a driver for VMD. Or switch VMD off in "
                + "the firmware's set-up: the disks are then ordinary functions.",
        },
    ];

    public ValueList<string> ExplainedBy { get; } = [FindingIds.DeviceIsBridge];

    public IEnumerable<Finding> Check(ReadinessContext context)
    {
        foreach (var device in context.Devices)
        {
            if (Vmd.ControllerOf(context.Snapshot.Devices, device) is { } controller)
            {
                yield return FindingFactory.Of(
                    [device.Address],
                    FindingIds.DeviceBehindVmd,
                    FindingSeverity.Error,
                    $"{device.Address} is behind the Intel VMD controller {controller} and cannot be assigned without it",
                    Vmd.Remedy(controller),
                    new Evidence($"/sys/bus/pci/devices/{device.Address}", $"below {controller}"),
                    new Evidence($"/sys/bus/pci/devices/{controller}/driver", context.Snapshot.Devices.TryGet(controller, out var found) ? found.Driver ?? "absent" : "absent"));
            }
        }
    }
}
