using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Persistence;

namespace Passthrough.Sdk.Readiness.Rules;

/// <summary>Reports a file that configures a device for every boot, whose address belongs to another device now, or to none.</summary>
internal sealed class PersistenceDeviceMoved : IReadinessRule
{
    public ValueList<FindingDescription> Describes { get; } =
    [
        new()
        {
            Id = FindingIds.PersistenceDeviceMoved,
            Severity = FindingSeverity.Warning,
            Title = "the device that a file configures for every boot is not at its address",
            Meaning =
                "Bus numbers change when cards or firmware settings change. A rule of this library then leaves the device at that address "
                + "alone, so nothing is taken from the host by mistake, but the intended device is not bound either. driverctl compares "
                + "the address only, and binds whatever is there.",
            Detection =
                "Address, ids, class, bridges above and serial number in the files are compared with the functions of the host. Bridges "
                + "and serial number are compared if the details of the function were captured.",
            Remedy =
                "If the device was moved, delete the file and configure the device at its new address. If it was removed for good, "
                + "delete the file. Then run udevadm control --reload.",
        },
    ];

    public IEnumerable<Finding> Check(ReadinessContext context) =>
        PersistenceChecks.Of(context).Where(check => check.State is PersistenceState.Absent or PersistenceState.OtherDevice).Select(Judge);

    private static Finding Judge(PersistenceCheck check)
    {
        var (device, places) = (check.Device, check.FoundAt);
        var now = check.Now is null ? "no device" : PciIdentity.Of(check.Now)?.ToString() ?? "a device without ids";
        var isElsewhere = check.Now is not null && device.Device is { } expected && expected.Identity.Matches(check.Now) == true;
        return FindingFactory.Of(
            [device.Address, .. places],
            FindingIds.PersistenceDeviceMoved,
            FindingSeverity.Warning,
            $"{device.File} configures {device.Address}{(device.Identity is { } identity ? $", {identity}," : "")} for every boot, but the address now belongs to {now}"
            + (isElsewhere ? " behind other bridges" : "")
            + places.Count switch { 0 => "", 1 => $"; the device is probably at {places[0]} now", _ => $"; {string.Join(", ", places)} match it" },
            (places.Count == 0 ? "" : $"check which device is meant (lspci -D), and configure it for every boot at its new address; ")
            + $"delete {device.File}{(device.Origin == PersistenceOrigin.Passthrough ? " and run udevadm control --reload" : "")} if the device does not return to {device.Address}",
            new Evidence(device.File, device.Identity is { } configured ? $"{device.Address} {configured}" : device.Address.ToString()),
            new Evidence($"/sys/bus/pci/devices/{device.Address}", check.Now?.ToString() ?? "absent"));
    }
}
