namespace Passthrough.Sdk.Pci.Configuration;

/// <summary>The header of a function that is not a bridge (type 0).</summary>
public sealed class DeviceHeader : PciHeader
{
    internal DeviceHeader(PciRegisters registers)
        : base(registers, bars: 6, romAt: 0x30)
    {
    }

    /// <summary>Gets the CardBus CIS pointer (+0x28), which locates the card information structure.</summary>
    public uint CardBusCisPointer => DoubleWord(0x28);

    /// <summary>Gets the subsystem vendor id (+0x2c); 0 or 0xffff if the card has none.</summary>
    public ushort SubsystemVendorId => Word(0x2c);

    /// <summary>Gets the subsystem id (+0x2e).</summary>
    public ushort SubsystemDeviceId => Word(0x2e);

    /// <summary>Gets the burst period that the function needs (+0x3e), in quarters of a microsecond; 0 on PCI Express.</summary>
    public byte MinimumGrant => Byte(0x3e);

    /// <summary>Gets the interval at which the function needs the bus (+0x3f), in quarters of a microsecond; 0 on PCI Express.</summary>
    public byte MaximumLatency => Byte(0x3f);
}
