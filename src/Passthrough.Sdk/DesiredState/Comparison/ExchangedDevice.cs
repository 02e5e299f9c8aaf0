using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Persistence;
using Passthrough.Sdk.Readiness;

namespace Passthrough.Sdk.DesiredState;

/// <summary>
/// Finds a card that took the place of another one. A selector with an address and without ids means whatever is at the address, but a rule file of
/// this library names the card for which it was written.
/// </summary>
internal static class ExchangedDevice
{
    /// <summary>Returns whether a function is not, or may not be, the one that a rule file names; a finding that refuses a plan is then noted.</summary>
    public static bool Find(StateComparison comparison, DeviceSelector selector, PciDevice device)
    {
        if (!selector.IsAddressAlone || comparison.Facts.Snapshot.System.Persistence.Devices is not { IsKnown: true } configured)
        {
            return false;
        }

        var found = PciIdentity.Of(device);
        foreach (var file in configured.Value.Where(file => file.Address == device.Address && file.Device is not null))
        {
            if (found is null || file.Device!.Matches(device) is not { } isSame)
            {
                comparison.Tell(FindingFactory.Undetermined(
                    [device.Address],
                    FindingIds.StateDeviceNotFound,
                    $"whether {device.Address} is still the device that {file.File} names",
                    Fact.Unknown<string>($"/sys/bus/pci/devices/{device.Address}/vendor", "the host does not report the ids of the function")));
                return true;
            }

            if (!isSame)
            {
                comparison.Tell(Another(file, device, found));
                return true;
            }
        }

        return false;
    }

    private static Finding Another(PersistentDevice file, PciDevice device, PciIdentity found)
    {
        var named = file.Device!;
        return FindingFactory.Of(
            [device.Address],
            FindingIds.StateDeviceNotFound,
            FindingSeverity.Error,
            named.Identity.Matches(device) == false
                ? $"another device is at {device.Address} than the one that {file.File} names: {found} instead of {named.Identity}"
                : $"{device.Address} is not below the bridges that {file.File} names ({named.Path})",
            $"if this device is meant, add its ids to the selector (\"vendor\": \"{found.VendorId:x4}\", \"device\": \"{found.DeviceId:x4}\"); otherwise correct the address, and remove the file (passthrough persist remove {device.Address})",
            new Evidence(file.File, named.ToString()),
            new Evidence($"/sys/bus/pci/devices/{device.Address}", found.ToString()));
    }
}
