using Passthrough.Sdk.Pci.Configuration;

namespace Passthrough.Sdk.Pci;

/// <summary>What a PCI function is, whatever address it has: to be kept beside an address, which can move to another device.</summary>
/// <param name="VendorId">Vendor id.</param>
/// <param name="DeviceId">Device id.</param>
/// <remarks>What is null is not compared. Thread safety: immutable.</remarks>
public sealed record PciIdentity(ushort VendorId, ushort DeviceId)
{
    /// <summary>Subsystem vendor id; null to leave it open.</summary>
    public ushort? SubsystemVendorId { get; init; }

    /// <summary>Subsystem device id; null to leave it open.</summary>
    public ushort? SubsystemDeviceId { get; init; }

    /// <summary>Class, subclass and programming interface; null to leave it open.</summary>
    public PciClassCode? ClassCode { get; init; }

    /// <summary>The serial number of the Device Serial Number capability; null to leave it open, and where a function has none.</summary>
    public ulong? SerialNumber { get; init; }

    /// <summary>The identity of a function; null where the host does not say its vendor and device.</summary>
    /// <param name="device">The function; with its details (<see cref="Host.CaptureOptions.DetailsOf"/>) and root's rights the serial number is in it.</param>
    /// <exception cref="ArgumentNullException"><paramref name="device"/> is null.</exception>
    public static PciIdentity? Of(PciDevice device)
    {
        ArgumentNullException.ThrowIfNull(device);
        return device is { VendorId: { } vendor, DeviceId: { } id }
            ? new PciIdentity(vendor, id)
            {
                SubsystemVendorId = device.SubsystemVendorId,
                SubsystemDeviceId = device.SubsystemDeviceId,
                ClassCode = device.ClassCode,
                SerialNumber = SerialOf(device),
            }
            : null;
    }

    /// <summary>Whether a function is the one that is meant: false as soon as one of the values that both have differs; null where the host does not say what it is.</summary>
    /// <param name="device">The function.</param>
    /// <exception cref="ArgumentNullException"><paramref name="device"/> is null.</exception>
    public bool? Matches(PciDevice device) => Of(device) is not { } other ? null
        : VendorId == other.VendorId && DeviceId == other.DeviceId
        && Agrees(SubsystemVendorId, other.SubsystemVendorId) && Agrees(SubsystemDeviceId, other.SubsystemDeviceId)
        && Agrees(ClassCode, other.ClassCode) && Agrees(SerialNumber, other.SerialNumber);

    /// <summary><c>8086:10d3 [020000]</c>, with subsystem and serial number where they are known.</summary>
    public override string ToString() =>
        $"{VendorId:x4}:{DeviceId:x4}"
        + (SubsystemVendorId is { } vendor && SubsystemDeviceId is { } device ? $" ({vendor:x4}:{device:x4})" : "")
        + (ClassCode is { } code ? $" [{code}]" : "")
        + (SerialNumber is { } serial ? $" serial {serial:x16}" : "");

    private static bool Agrees<T>(T? expected, T? found)
        where T : struct => expected is not { } e || found is not { } f || e.Equals(f);

    // A captured host has zeros in its place.
    private static ulong? SerialOf(PciDevice device) =>
        device.Details?.Configuration?.Find<DeviceSerialNumberCapability>()?.SerialNumber is { } serial and not 0 ? serial : null;
}
