using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Pci.Configuration;

namespace Passthrough.Sdk.Persistence;

/// <summary>A PCI function at its place: the address, the ids and the serial number of the function, and the bridges above it.</summary>
/// <remarks>
/// udev compares all of it at boot, before anything is done to a function. Two equal cards differ in the address and the bridges, and
/// in the serial number if they have one; a card that was moved to another slot, or exchanged, does not match. Thread safety: immutable.
/// </remarks>
/// <param name="Address">The address.</param>
/// <param name="Identity">The ids, the class and, if the function has one, the serial number.</param>
/// <param name="Path">
/// The host bridge's bus, the bridges and the function, as the end of the link <c>/sys/bus/pci/devices/ADDRESS</c>:
/// <c>pci0000:00/0000:00:1c.0/0000:01:00.0</c>.
/// </param>
public sealed record PersistentIdentity(PciAddress Address, PciIdentity Identity, string Path)
{
    /// <summary>
    /// Gets the offset of the Device Serial Number capability in the configuration space, where udev's rule reads it; null if
    /// <see cref="Identity"/> has no serial number.
    /// </summary>
    public int? SerialNumberOffset { get; init; }

    /// <summary>Returns the identity of a function of this host.</summary>
    /// <param name="device">The function, with its details (<see cref="Host.CaptureOptions.DetailsOf"/>).</param>
    /// <exception cref="ArgumentNullException"><paramref name="device"/> is null.</exception>
    /// <exception cref="PersistenceException">The ids or the details of the function are not known.</exception>
    public static PersistentIdentity Of(PciDevice device)
    {
        ArgumentNullException.ThrowIfNull(device);
        if (PciIdentity.Of(device) is not { } identity)
        {
            throw new PersistenceException($"{device.Address}: the host does not report the ids of the function, so it could not be recognised at the next boot - check /sys/bus/pci/devices/{device.Address}/vendor and device.");
        }

        if (device.Details is not { } details)
        {
            throw new PersistenceException($"{device.Address}: the bridges above the function were not read - capture it with CaptureOptions.DetailsOf.");
        }

        return new PersistentIdentity(device.Address, identity, PathOf(device.Address, details.Bridges))
        {
            SerialNumberOffset = identity.SerialNumber is null ? null : details.Configuration?.Find<DeviceSerialNumberCapability>()?.Offset,
        };
    }

    /// <summary>Returns whether a function is the one that is meant: false if a value that both have differs; null if its ids are not known.</summary>
    /// <param name="device">The function; bridges and serial number are compared if it has its details.</param>
    /// <exception cref="ArgumentNullException"><paramref name="device"/> is null.</exception>
    public bool? Matches(PciDevice device)
    {
        ArgumentNullException.ThrowIfNull(device);
        return device.Address != Address || (device.Details is { } details && PathOf(device.Address, details.Bridges) != Path)
            ? false
            : Identity.Matches(device);
    }

    /// <summary>Returns the address and the identity.</summary>
    public override string ToString() => $"{Address} {Identity}";

    /// <summary>Returns where a function lies, as the kernel's tree of devices has it from the host bridge on.</summary>
    internal static string PathOf(PciAddress address, ValueList<PciAddress> bridges)
    {
        // Behind a controller such as Intel VMD there is another host bridge, with its own domain.
        var above = bridges.Where(bridge => bridge.Domain == address.Domain).Append(address).ToList();
        return FormattableString.Invariant($"pci{above[0].Domain:x4}:{above[0].Bus:x2}/{string.Join('/', above)}");
    }
}
