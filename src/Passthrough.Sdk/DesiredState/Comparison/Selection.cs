using System.Globalization;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Readiness;

namespace Passthrough.Sdk.DesiredState;

/// <summary>Finds the functions that a selector means. Another number than the expected one is a finding, and never a guess.</summary>
internal static class Selection
{
    private const string Devices = "/sys/bus/pci/devices";

    /// <summary>Returns the functions; null if they are not certain, which is noted.</summary>
    /// <param name="comparison">What is noted.</param>
    /// <param name="selector">The selector.</param>
    /// <param name="count">The expected number.</param>
    /// <param name="mayBeNone">Whether no match is accepted, because a device that should not be kept for guests need not exist.</param>
    public static ValueList<PciDevice>? Find(StateComparison comparison, DeviceSelector selector, int count, bool mayBeNone)
    {
        var all = comparison.Facts.Snapshot.Devices;
        if (all.State == FactState.Unknown)
        {
            comparison.Tell(FindingFactory.UndeterminedOfHost(
                FindingIds.StateDeviceNotFound, $"whether the host has {selector}", Fact.Unknown<string>(Devices, "the list of functions cannot be read")));
            return null;
        }

        ValueList<PciDevice> found = [.. all.Where(device => selector.Matches(device) == true)];
        ValueList<PciDevice> unknown = [.. all.Where(device => selector.Matches(device) is null)];
        if (!unknown.IsEmpty)
        {
            comparison.Tell(FindingFactory.Undetermined(
                AddressesOf(unknown),
                FindingIds.StateDeviceAmbiguous,
                $"whether {Names(unknown)} is meant by {selector}",
                Fact.Unknown<string>($"{Devices}/{unknown[0].Address}/config", "an id, the class or the serial number is not known; only root can read the serial number")));
            return null;
        }

        if (found.Count > count)
        {
            comparison.Tell(FindingFactory.Of(
                AddressesOf(found),
                FindingIds.StateDeviceAmbiguous,
                FindingSeverity.Error,
                string.Create(CultureInfo.InvariantCulture, $"{selector} means {found.Count} devices instead of {count}: {Names(found)}"),
                string.Create(CultureInfo.InvariantCulture, $"add what tells them apart to the selector (address, serialNumber), or write \"count\": {found.Count}; nothing is done with these devices"),
                [.. found.Select(device => new Evidence($"{Devices}/{device.Address}", device.ToString()))]));
            return null;
        }

        if (found.Count == count || (mayBeNone && found.IsEmpty))
        {
            return found;
        }

        if (comparison.IsToCome(selector))
        {
            comparison.Defer(new($"look for {selector} again when the virtual functions exist", selector.Address));
        }
        else
        {
            comparison.Tell(NotFound(selector, count, found));
        }

        return null;
    }

    private static Finding NotFound(DeviceSelector selector, int count, ValueList<PciDevice> found) => FindingFactory.Of(
        selector.Address is { } address ? [address] : AddressesOf(found),
        FindingIds.StateDeviceNotFound,
        FindingSeverity.Error,
        count == 1 ? $"the host has no device with {selector}"
            : string.Create(CultureInfo.InvariantCulture, $"the host has {found.Count} devices with {selector} instead of {count}{(found.IsEmpty ? "" : $": {Names(found)}")}"),
        "check with lspci -Dnn whether the device was moved, exchanged or switched off in the firmware's settings, and correct the selector",
        new Evidence(Devices, found.IsEmpty ? "no function matches" : Names(found)));

    private static string Names(ValueList<PciDevice> devices) => string.Join(", ", devices.Select(device => device.Address));

    private static ValueList<PciAddress> AddressesOf(ValueList<PciDevice> devices) => [.. devices.Select(device => device.Address)];
}
