using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Pci;

namespace Passthrough.Sdk.Readiness.Rules;

/// <summary>Reports a device that vfio-pci should have taken by its ids but that another driver took first.</summary>
internal sealed class VfioIdsTooLate : IReadinessRule
{
    public ValueList<FindingDescription> Describes { get; } =
    [
        new()
        {
            Id = FindingIds.VfioIdsTooLate,
            Severity = FindingSeverity.Warning,
            Title = "the ids for vfio-pci name the device, but another driver took it first",
            Meaning =
                "ids= binds a device only if no other driver has it when vfio-pci is loaded. If the initramfs loads the other "
                + "driver first, or loads vfio-pci later, the host keeps the device: a display shows the console, and functions of "
                + "the same group make it not viable. libvirt still takes the device when a guest starts with managed='yes'.",
            Detection =
                "The last ids= of vfio-pci in the configuration of modprobe and on the kernel's command line, which is the one "
                + "that the kernel keeps, is compared with the drivers of the functions that it names. The cause is narrowed down by "
                + "modules.builtin, the softdep lines and the configuration of the initramfs tool; the image itself is not opened.",
            Remedy =
                "Load vfio-pci first: add a line softdep DRIVER pre: vfio-pci in /etc/modprobe.d, and vfio-pci in the initramfs "
                + "(/etc/initramfs-tools/modules, MODULES= of mkinitcpio, force_drivers+= of dracut, modules_force_load of "
                + "booster). Rebuild the initramfs and reboot.",
        },
    ];

    public IEnumerable<Finding> Check(ReadinessContext context)
    {
        if (!context.NeedsVfio || context.IsDom0 || VfioIds.EffectiveOf(context.System) is not { } list)
        {
            yield break;
        }

        var late = Candidates(context).Where(device => HostDrivers.IsInUseByHost(device) && VfioIds.Takes(list.Value, device)).ToList();
        if (late.Count == 0)
        {
            yield break;
        }

        var orders = late.DistinctBy(device => device.Driver).Select(device => BootOrder.Explain(context.System, device)).ToList();
        var loaded = context.System.Modules["vfio_pci"].IsPresent;
        yield return FindingFactory.Of(
            [.. late.Select(device => device.Address)],
            FindingIds.VfioIdsTooLate,
            FindingSeverity.Warning,
            $"{list.Source} names {string.Join(" and ", late.Select(device => device.Address))} for vfio-pci, but {(late.Select(device => device.Driver).Distinct().ToList() is [var one] ? $"the driver {one}" : $"the drivers {string.Join(" and ", late.Select(device => device.Driver).Distinct())}")} took {(late.Count == 1 ? "it" : "them")} first"
            + (loaded is { IsKnown: true, Value: false } ? "; vfio-pci is not loaded" : "")
            + string.Concat(orders.Select(order => order.Cause).Distinct()),
            string.Join("; ", late.DistinctBy(device => device.Driver).Select(device => VfioIds.WhyNotTaken(context, device)?.Remedy).OfType<string>().Distinct()),
            [list, .. late.Select(device => new Evidence($"/sys/bus/pci/devices/{device.Address}/driver", device.Driver!)), .. orders.SelectMany(order => order.Evidence).Distinct()]);
    }

    // Without a device in question all of them are checked; with one, its group is checked too, because it is assigned with it.
    private static IEnumerable<PciDevice> Candidates(ReadinessContext context)
    {
        var groups = context.Devices.Select(device => device.IommuGroupId).OfType<int>().ToHashSet();
        return context.Addresses.IsEmpty ? context.Snapshot.Devices
            : context.Snapshot.Devices.Where(device => context.Addresses.Contains(device.Address) || (device.IommuGroupId is { } group && groups.Contains(group)));
    }
}
