using Passthrough.Sdk.Pci.Configuration;

namespace Passthrough.Sdk.Pci;

/// <summary>The identity of a PCI function, independent of its address. Store it together with an address, which can later belong to another device.</summary>
/// <param name="VendorId">Vendor id.</param>
/// <param name="DeviceId">Device id.</param>
/// <remarks>Null values are not compared. Thread safety: immutable.</remarks>
public sealed record PciIdentity(ushort VendorId, ushort DeviceId)
{
    /// <summary>Gets the subsystem vendor id; null if it is not compared.</summary>
    public ushort? SubsystemVendorId { get; init; }

    /// <summary>Gets the subsystem device id; null if it is not compared.</summary>
    public ushort? SubsystemDeviceId { get; init; }

    /// <summary>Gets the class, subclass and programming interface; null if it is not compared.</summary>
    public PciClassCode? ClassCode { get; init; }

    /// <summary>Gets the serial number of the Device Serial Number capability; null if it is not compared, or if a function has none.</summary>
    public ulong? SerialNumber { get; init; }

    /// <summary>Returns the identity of a function; null if the host does not report its vendor and device.</summary>
    /// <param name="device">The function; with its details (<see cref="Host.CaptureOptions.DetailsOf"/>) and as root, the identity includes the serial number.</param>
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

    /// <summary>Returns whether a function has this identity: false if a value that both have differs; null if the host does not report the function's ids.</summary>
    /// <param name="device">The function.</param>
    /// <exception cref="ArgumentNullException"><paramref name="device"/> is null.</exception>
    public bool? Matches(PciDevice device) => Of(device) is not { } other ? null
        : VendorId == other.VendorId && DeviceId == other.DeviceId
        && Agrees(SubsystemVendorId, other.SubsystemVendorId) && Agrees(SubsystemDeviceId, other.SubsystemDeviceId)
        && Agrees(ClassCode, other.ClassCode) && Agrees(SerialNumber, other.SerialNumber);

    /// <summary>Returns a text such as <c>8086:10d3 [020000]</c>, with subsystem and serial number if they are known.</summary>
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
