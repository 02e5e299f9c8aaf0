using Passthrough.Sdk.Host;
using Passthrough.Sdk.Iommu;
using Passthrough.Sdk.Pci;

namespace Passthrough.Sdk.Readiness.Rules;

/// <summary>Knows Intel's Volume Management Device: a controller that shows the disks behind it as functions of a separate PCI
/// domain.</summary>
/// <remarks>
/// Source: drivers/pci/controller/vmd.c: the domain's number is above 0xffff, the functions are below the controller in sysfs, and
/// their memory requests carry the controller's address, so they share its IOMMU group. They disappear with its driver.
/// </remarks>
internal static class Vmd
{
    private const string Driver = "vmd";
    private const int Intel = 0x8086;
    private const uint LastOrdinaryDomain = 0xffff;

    /// <summary>Returns the controller that a function is behind; null if it is behind none, or the controller is unknown.</summary>
    public static PciAddress? ControllerOf(PciDeviceCollection devices, PciDevice device)
    {
        if (device.Address.Domain <= LastOrdinaryDomain)
        {
            return null;
        }

        foreach (var above in device.Details?.Bridges ?? [])
        {
            if (above.Domain <= LastOrdinaryDomain && devices.TryGet(above, out var controller) && controller.ClassCode?.IsPciBridge != true)
            {
                return above;
            }
        }

        return device.IommuGroupId is { } group
            ? devices.FirstOrDefault(other => other.IommuGroupId == group && other.Address.Domain <= LastOrdinaryDomain
                && (other.Driver == Driver || other is { VendorId: Intel, ClassCode.IsStorage: true }))?.Address
            : null;
    }

    /// <summary>Returns the functions that are behind any of these: they are assigned with it.</summary>
    public static IEnumerable<PciAddress> Behind(PciDeviceCollection devices, IReadOnlyCollection<PciAddress> controllers) => controllers.Count == 0 ? [] : devices
        .Where(device => ControllerOf(devices, device) is { } controller && controllers.Contains(controller) && !controllers.Contains(device.Address))
        .Select(device => device.Address);

    /// <summary>Returns whether functions of the host are behind this one.</summary>
    public static bool IsController(HostSnapshot snapshot, PciDevice device) =>
        device.Driver == Driver || snapshot.Devices.Any(other => other.Address.Domain > LastOrdinaryDomain && ControllerOf(snapshot.Devices, other) == device.Address);

    /// <summary>Returns the remedy for a function behind a controller.</summary>
    public static string Remedy(PciAddress controller) =>
        $"assign {controller} itself, with every disk behind it, or switch VMD off in the firmware's set-up, so that the disks are ordinary functions; without its driver vmd, everything behind {controller} disappears";

    /// <summary>Returns the finding for a group whose controller is used by the host.</summary>
    public static Finding NotAlone(IommuGroup group, IReadOnlySet<PciAddress> wanted, PciAddress controller, string others) => FindingFactory.Of(
        [.. wanted],
        FindingIds.GroupNotViable,
        FindingSeverity.Error,
        $"IOMMU group {group.Id} is not viable for {string.Join(", ", wanted)}: the host still uses {others} of the same group, Intel's VMD controller",
        Remedy(controller),
        new Evidence($"/sys/bus/pci/devices/{controller}/driver", Driver));
}
