using Passthrough.Sdk.Pci;

namespace Passthrough.Sdk.DesiredState;

/// <summary>Selects functions of a host: those that have every value that is given. A value that is null is not compared.</summary>
/// <remarks>
/// At least one value must be given. Another card can take an address, so give <see cref="VendorId"/> and <see cref="DeviceId"/> beside it. Thread
/// safety: immutable.
/// </remarks>
public sealed record DeviceSelector
{
    /// <summary>Gets the address.</summary>
    public PciAddress? Address { get; init; }

    /// <summary>Gets the vendor id, for example 0x8086.</summary>
    public ushort? VendorId { get; init; }

    /// <summary>Gets the device id, for example 0x10d3.</summary>
    public ushort? DeviceId { get; init; }

    /// <summary>Gets the subsystem vendor id.</summary>
    public ushort? SubsystemVendorId { get; init; }

    /// <summary>Gets the subsystem device id.</summary>
    public ushort? SubsystemDeviceId { get; init; }

    /// <summary>
    /// Gets the serial number of the capability Device Serial Number (PCI Express, id 0x0003). <c>lspci -vv</c> prints its bytes with hyphens
    /// between them. Only root can read it.
    /// </summary>
    public ulong? SerialNumber { get; init; }

    /// <summary>
    /// Gets the beginning of the class code, two, four or six hexadecimal digits: <c>02</c> selects every network controller, <c>0200</c> Ethernet
    /// controllers, <c>010802</c> NVMe controllers.
    /// </summary>
    public string? ClassPrefix { get; init; }

    /// <summary>Returns a selector that selects whatever function is at an address.</summary>
    /// <param name="address">The address.</param>
    public static DeviceSelector At(PciAddress address) => new() { Address = address };

    /// <summary>Returns whether a function has every value that is given; null if a value that decides it is not known.</summary>
    /// <param name="device">The function. Its serial number is compared if it has its details (<see cref="Host.CaptureOptions.DetailsOf"/>).</param>
    /// <exception cref="ArgumentNullException"><paramref name="device"/> is null.</exception>
    public bool? Matches(PciDevice device)
    {
        ArgumentNullException.ThrowIfNull(device);
        bool?[] answers =
        [
            Address is { } address ? address == device.Address : true,
            Compare(VendorId, device.VendorId, isKnown: false),
            Compare(DeviceId, device.DeviceId, isKnown: false),

            // If the ids of a function are known and its subsystem is not reported, it has no subsystem.
            Compare(SubsystemVendorId, device.SubsystemVendorId, device.VendorId is not null),
            Compare(SubsystemDeviceId, device.SubsystemDeviceId, device.VendorId is not null),
            ClassPrefix is not { } prefix ? true : device.ClassCode is { } code ? code.ToString().StartsWith(prefix, StringComparison.OrdinalIgnoreCase) : null,
            SerialNumber is { } serial ? MatchesSerial(serial, device) : true,
        ];
        return answers.Contains(false) ? false : answers.Contains(null) ? null : true;
    }

    /// <summary>Returns the values that are given, for example <c>vendor 8086, device 10d3</c>.</summary>
    public override string ToString()
    {
        string?[] parts =
        [
            Address?.ToString(),
            VendorId is { } vendor ? $"vendor {vendor:x4}" : null,
            DeviceId is { } device ? $"device {device:x4}" : null,
            SubsystemVendorId is { } subsystemVendor ? $"subsystem vendor {subsystemVendor:x4}" : null,
            SubsystemDeviceId is { } subsystemDevice ? $"subsystem device {subsystemDevice:x4}" : null,
            ClassPrefix is { } prefix ? $"class {prefix}" : null,
            SerialNumber is { } serial ? $"serial number {serial:x16}" : null,
        ];
        return string.Join(", ", parts.OfType<string>());
    }

    /// <summary>Whether no value is given.</summary>
    internal bool IsEmpty => this == new DeviceSelector();

    /// <summary>Whether the address is given without what tells one card from another at the same address.</summary>
    internal bool IsAddressAlone => Address is not null && SerialNumber is null && (VendorId is null || DeviceId is null);

    private static bool? Compare(ushort? wanted, ushort? found, bool isKnown) =>
        wanted is null ? true : found is null ? isKnown ? false : null : wanted == found;

    // The capability is beyond the first 256 bytes, which not everybody may read; a captured host has zeros in its place.
    private static bool? MatchesSerial(ulong serial, PciDevice device) => device.Details?.Configuration is not { } space ? null
        : space.Find<Pci.Configuration.DeviceSerialNumberCapability>()?.SerialNumber is { } found ? found == 0 ? null : found == serial
        : space.Bytes.Length <= Pci.Configuration.PciConfigurationSpace.StandardLength ? null
        : false;
}
