using System.Collections.Immutable;
using Passthrough.Sdk.Pci;

namespace Passthrough.Sdk.Readiness.Rules;

/// <summary>Another device than the one that was meant stands at the address.</summary>
internal sealed class DeviceMoved : IReadinessRule
{
    public ImmutableArray<FindingDescription> Describes { get; } =
    [
        new()
        {
            Id = FindingIds.DeviceMoved,
            Severity = FindingSeverity.Error,
            Title = "another device than the one that was meant stands at the address",
            Meaning =
                "Bus numbers change when cards, firmware settings or the firmware itself change; a domain's address then means "
                + "another device, which would be taken from the host instead. Nobody warns of it.",
            Detection =
                "What the caller says the device is (vendor, device, subsystem, class, serial number) against what stands at the "
                + "address now. Values that either side does not have are not compared.",
            Remedy =
                "Use the address where the device stands now; the finding says it where exactly one function is the one that was "
                + "meant.",
        },
    ];

    public IEnumerable<Finding> Check(ReadinessContext context) => context.Addresses.Select(address => Judge(context, address)).OfType<Finding>();

    /// <summary>Whether the device that is meant stands elsewhere; null where it is in its place, where nothing is expected, and where it is nowhere.</summary>
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
            FindingIds.DeviceMoved,
            FindingSeverity.Error,
            $"{expected} stood at {address}, where {(now is null ? "nothing" : PciIdentity.Of(now)!.ToString())} stands now"
            + places.Count switch { 0 => "; it is nowhere", 1 => $"; it stands at {places[0]} now", _ => $"; {string.Join(", ", places)} are of that kind" },
            places.Count == 1
                ? $"use {places[0]} in place of {address}"
                : "look for the device by its name and serial number (passthrough list, passthrough show), and correct the address",
            new Evidence($"/sys/bus/pci/devices/{address}", now?.ToString() ?? "absent"),
            new Evidence("expected", expected.ToString()));
    }
}
