using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.Readiness.Rules;

/// <summary>Reports another device with the same ids, which a selection by ids takes as well.</summary>
internal sealed class DeviceTwin : IReadinessRule
{
    public ValueList<FindingDescription> Describes { get; } =
    [
        new()
        {
            Id = FindingIds.DeviceIdenticalTwin,
            Severity = FindingSeverity.Warning,
            Title = "another device has the same ids, and a selection by ids takes both",
            Meaning =
                "ids= of vfio-pci takes every device with that vendor and device id, at boot and without a question: the host "
                + "loses its second display, disk or network card too. If nothing selects devices by ids, this is only information.",
            Detection =
                "Functions with the same vendor and device id that are not assigned together; ids= of vfio-pci in "
                + "/sys/module/vfio_pci/parameters/ids, else the last one in modprobe.d and on the kernel's command line, in that "
                + "order, because the kernel keeps the last one.",
            Remedy = "Select the device by its address: managed='yes' in the domain, or driver_override for that address at boot. Remove the ids.",
        },
    ];

    public IEnumerable<Finding> Check(ReadinessContext context)
    {
        if (!context.NeedsVfio)
        {
            yield break;
        }

        var ids = VfioIds.EffectiveOf(context.System);
        foreach (var device in context.Devices.Where(device => device is { IsVirtualFunction: false, VendorId: not null, DeviceId: not null }))
        {
            var twins = context.Snapshot.Devices
                .Where(other => other.VendorId == device.VendorId && other.DeviceId == device.DeviceId && !context.Addresses.Contains(other.Address))
                .ToList();
            if (twins.Count == 0)
            {
                continue;
            }

            var names = string.Join(", ", twins.Select(twin => twin.Address));
            var taken = ids is not null && VfioIds.Takes(ids.Value, device) && twins.Any(twin => VfioIds.Takes(ids.Value, twin)) ? ids : null;
            yield return taken is null
                ? FindingFactory.Of(
                    [device.Address],
                    FindingIds.DeviceIdenticalTwin,
                    FindingSeverity.Info,
                    $"{names} has the same ids as {device.Address}: ids= of vfio-pci would take both",
                    "select the device by its address, as libvirt does with managed='yes'",
                    [.. twins.Select(twin => new Evidence($"/sys/bus/pci/devices/{twin.Address}", twin.ToString()))])
                : FindingFactory.Of(
                    [device.Address],
                    FindingIds.DeviceIdenticalTwin,
                    FindingSeverity.Warning,
                    $"{taken.Source} lists the ids of {device.Address} for vfio-pci, which also match {names}",
                    "remove the ids and select the device by its address (managed='yes', or driver_override at boot)",
                    [taken, .. twins.Select(twin => new Evidence($"/sys/bus/pci/devices/{twin.Address}", twin.ToString()))]);
        }
    }
}
