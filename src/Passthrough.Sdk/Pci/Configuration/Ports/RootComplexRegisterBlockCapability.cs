namespace Passthrough.Sdk.Pci.Configuration;

/// <summary>The header of a root complex register block (extended capability 0x000a; PCI Express 6.0, 7.9.7).</summary>
public sealed class RootComplexRegisterBlockCapability : PciCapability
{
    internal const int MinimumLength = 16;

    internal RootComplexRegisterBlockCapability(in CapabilityHeader header)
        : base(header)
    {
    }

    /// <summary>Gets the vendor id of the block (+4).</summary>
    public ushort VendorId => Word(0x04);

    /// <summary>Gets the device id of the block (+6).</summary>
    public ushort DeviceId => Word(0x06);

    /// <summary>Gets whether the root complex can return request retry status (RRS) to software (+8).</summary>
    public bool RetryStatusVisibility => Bit(DoubleWord(0x08), 0);

    /// <summary>Gets whether the root complex returns request retry status (RRS) to software (+12).</summary>
    public bool RetryStatusVisibilityEnable => Bit(DoubleWord(0x0c), 0);
}
