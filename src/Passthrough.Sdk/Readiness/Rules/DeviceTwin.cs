using System.Collections.Immutable;
using System.Globalization;
using Passthrough.Sdk.Pci;

namespace Passthrough.Sdk.Readiness.Rules;

/// <summary>Another device has the same ids, and what goes by ids takes both.</summary>
internal sealed class DeviceTwin : IReadinessRule
{
    public ImmutableArray<FindingDescription> Describes { get; } =
    [
        new()
        {
            Id = FindingIds.DeviceIdenticalTwin,
            Severity = FindingSeverity.Warning,
            Title = "another device has the same ids, and what goes by ids takes both",
            Meaning =
                "ids= of vfio-pci takes every device with that vendor and device, at boot and before anybody is asked: the host loses "
                + "its second display, disk or network too. For information only where nothing goes by ids.",
            Detection =
                "Functions with the same vendor and device that are not given away together; ids= of vfio-pci in modprobe.d, on the "
                + "kernel's command line and in /sys/module/vfio_pci/parameters/ids.",
            Remedy = "Go by address: managed='yes' in the domain, or driver_override for that address at boot; drop the ids.",
        },
    ];

    private const int AnyId = -1;

    public IEnumerable<Finding> Check(ReadinessContext context)
    {
        if (!context.NeedsVfio)
        {
            yield break;
        }

        var ids = IdLists(context).ToList();
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
            var taken = ids.FirstOrDefault(list => twins.Any(twin => Takes(list.Value, twin)) && Takes(list.Value, device));
            yield return taken is null
                ? FindingFactory.Of(
                    FindingIds.DeviceIdenticalTwin,
                    FindingSeverity.Info,
                    $"{names} has the same ids as {device.Address}: ids= of vfio-pci would take both",
                    "go by address, as managed='yes' and passthrough assign do",
                    [.. twins.Select(twin => new Evidence($"/sys/bus/pci/devices/{twin.Address}", twin.ToString()))])
                : FindingFactory.Of(
                    FindingIds.DeviceIdenticalTwin,
                    FindingSeverity.Warning,
                    $"{taken.Source} gives vfio-pci the ids of {device.Address}, and with them {names}",
                    "drop the ids and go by address (managed='yes', or driver_override at boot)",
                    [taken, .. twins.Select(twin => new Evidence($"/sys/bus/pci/devices/{twin.Address}", twin.ToString()))]);
        }
    }

    private static IEnumerable<Evidence> IdLists(ReadinessContext context)
    {
        foreach (var (value, directive) in ModuleOptions.Values(context.System.Modules["vfio_pci"], "ids"))
        {
            yield return new Evidence(directive.Source, value);
        }

        if (context.System.Vfio.Ids is { IsKnown: true, Value: { Length: > 0 } running } fact)
        {
            yield return new Evidence(fact.Source, running);
        }
    }

    // vendor:device[:subvendor[:subdevice[:class[:mask]]]], hexadecimal, a comma between them (drivers/vfio/pci/vfio_pci.c)
    private static bool Takes(string list, PciDevice device) => list.Split(',').Select(id => id.Split(':')).Any(parts =>
        parts.Length >= 2
        && Number(parts[0]) == device.VendorId && Number(parts[1]) == device.DeviceId
        && (parts.Length < 3 || Fits(parts[2], device.SubsystemVendorId)) && (parts.Length < 4 || Fits(parts[3], device.SubsystemDeviceId)));

    private static bool Fits(string part, int? id) => Number(part) is AnyId || Number(part) == (id ?? 0);

    private static int Number(string text) => text.Length > 4 || !int.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var number) ? AnyId : number;
}
