namespace Passthrough.Sdk.Pci.Configuration;

/// <summary>The device serial number, an EUI-64 (extended capability 0x0003; PCI Express 6.0, 7.9.3).</summary>
public sealed class DeviceSerialNumberCapability : PciCapability
{
    internal const int MinimumLength = 12;

    internal DeviceSerialNumberCapability(in CapabilityHeader header)
        : base(header)
    {
    }

    /// <summary>Gets the serial number, whose upper half is in the second register (+4).</summary>
    public ulong SerialNumber => QuadWord(0x04);

    /// <summary>Gets the serial number as eight bytes with hyphens, in the format of lspci.</summary>
    public string SerialNumberText => FormattableString.Invariant($"{SerialNumber >> 56:x2}-{(SerialNumber >> 48) & 0xff:x2}-{(SerialNumber >> 40) & 0xff:x2}-{(SerialNumber >> 32) & 0xff:x2}-{(SerialNumber >> 24) & 0xff:x2}-{(SerialNumber >> 16) & 0xff:x2}-{(SerialNumber >> 8) & 0xff:x2}-{SerialNumber & 0xff:x2}");
}
