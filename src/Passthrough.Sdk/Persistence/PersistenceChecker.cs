using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Pci;

namespace Passthrough.Sdk.Persistence;

/// <summary>Compares what a file configures with the functions of a host.</summary>
internal static class PersistenceChecker
{
    public static PersistenceCheck Check(PersistentDevice device, PciDeviceCollection devices, ValueList<PersistentDevice> all)
    {
        var now = devices.TryGet(device.Address, out var found) ? found : null;
        var state = StateOf(device, now, devices.State);
        return new PersistenceCheck(device, state)
        {
            Now = now,
            FoundAt = state is PersistenceState.Absent or PersistenceState.OtherDevice && device.Identity is { } identity
                ? [.. devices.Where(other => other.Address != device.Address && identity.Matches(other) == true && !IsConfigured(other.Address, device, all)).Select(other => other.Address)]
                : [],
            Others = [.. all.Where(other => other != device && other.Address == device.Address && other.Driver is null == device.Driver is null)],
        };
    }

    // A second card of the kind, which is configured and in its place, is not the one that was moved.
    private static bool IsConfigured(PciAddress address, PersistentDevice device, ValueList<PersistentDevice> all) =>
        all.Any(other => other.Address == address && other.Driver is null == device.Driver is null && other.Identity is not null);

    private static PersistenceState StateOf(PersistentDevice device, PciDevice? now, FactState list)
    {
        if (now is null)
        {
            return list == FactState.Unknown ? PersistenceState.Unknown : PersistenceState.Absent;
        }

        var isSame = device.Device?.Matches(now) ?? device.Identity?.Matches(now);
        if (isSame == false)
        {
            return PersistenceState.OtherDevice;
        }

        // A file that names only an address means whatever is there; one that names ids needs them.
        if (isSame is null && device.Identity is not null)
        {
            return PersistenceState.Unknown;
        }

        var isInEffect = device.Driver is { } driver ? now.Driver == driver : now.VirtualFunctions.Count == device.VirtualFunctionCount;
        return isInEffect ? PersistenceState.InEffect : PersistenceState.NotInEffect;
    }
}
