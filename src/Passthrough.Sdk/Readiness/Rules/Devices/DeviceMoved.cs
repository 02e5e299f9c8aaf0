using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Pci;

namespace Passthrough.Sdk.Readiness.Rules;

/// <summary>Reports that the address belongs to a device other than the expected one.</summary>
internal sealed class DeviceMoved : IReadinessRule
{
    public ValueList<FindingDescription> Describes { get; } =
    [
        new()
        {
            Id = FindingIds.DeviceMoved,
            Severity = FindingSeverity.Error,
            Title = "the address belongs to a different device than the expected one",
            Meaning =
                "Bus numbers change when cards, firmware settings or the firmware itself change. The address in a domain then "
                + "refers to another device, which would be taken from the host instead. libvirt does not warn about this.",
            Detection =
                "The caller's description of the device (vendor, device, subsystem, class, serial number) is compared with the "
                + "device that has the address now. Values that either side lacks are not compared.",
            Remedy =
                "Use the device's current address. The finding names it if exactly one function matches the description.",
        },
    ];

    public IEnumerable<Finding> Check(ReadinessContext context) => context.Addresses.Select(address => Judge(context, address)).OfType<Finding>();

    /// <summary>Returns the finding if the expected device has another address; null if it is in its place, nothing is
    /// expected, or it is not found.</summary>
    internal static Finding? Judge(ReadinessContext context, PciAddress address)
    {
        if (!context.Expected.TryGetValue(address, out var expected))
        {
            return null;
        }

        var now = context.Snapshot.Devices.TryGet(address, out var device) ? device : null;
        if (now is not null && expected.Matches(now) != false)
        {
            return null;
        }

        var places = context.Snapshot.Devices.Where(other => other.Address != address && expected.Matches(other) == true).Select(other => other.Address).ToList();
        if (now is null && places.Count == 0)
        {
            return null; // it is gone, not moved (device.not-found)
        }

        return FindingFactory.Of(
            [address],
            FindingIds.DeviceMoved,
            FindingSeverity.Error,
            $"{expected} had the address {address}, which now belongs to {(now is null ? "no device" : PciIdentity.Of(now)!.ToString())}"
            + places.Count switch { 0 => "; the device is not on this host", 1 => $"; the device is now at {places[0]}", _ => $"; {string.Join(", ", places)} match it" },
            places.Count == 1
                ? $"use {places[0]} instead of {address}"
                : "find the device by its name and serial number (lspci -D, HostSnapshot.Devices), and correct the address",
            new Evidence($"/sys/bus/pci/devices/{address}", now?.ToString() ?? "absent"),
            new Evidence("expected", expected.ToString()));
    }
}
