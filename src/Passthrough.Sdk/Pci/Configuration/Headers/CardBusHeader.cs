using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.Pci.Configuration;

/// <summary>The header of a CardBus bridge (type 2; PC Card Standard, PCI-to-CardBus bridge register description).</summary>
public sealed class CardBusHeader : PciHeader
{
    internal CardBusHeader(PciRegisters registers)
        : base(registers, bars: 1, romAt: null)
    {
    }

    /// <summary>Gets the secondary status register (+0x16).</summary>
    public PciStatus SecondaryStatus => (PciStatus)Word(0x16);

    /// <summary>Gets the number of the primary bus, to which the bridge belongs (+0x18).</summary>
    public byte PrimaryBus => Byte(0x18);

    /// <summary>Gets the number of the CardBus that is directly behind the bridge (+0x19).</summary>
    public byte CardBus => Byte(0x19);

    /// <summary>Gets the number of the subordinate bus, the highest bus behind the bridge (+0x1a).</summary>
    public byte SubordinateBus => Byte(0x1a);

    /// <summary>Gets the latency timer of the CardBus (+0x1b) in PCI clocks.</summary>
    public byte CardBusLatencyTimer => Byte(0x1b);

    /// <summary>Gets the two memory windows (+0x1c and +0x24).</summary>
    public ValueList<BridgeWindow> MemoryWindows => [Memory(0x1c), Memory(0x24)];

    /// <summary>Gets the two windows of I/O ports (+0x2c and +0x34).</summary>
    public ValueList<BridgeWindow> IoWindows => [Io(0x2c), Io(0x34)];

    /// <summary>Gets the bridge control register (+0x3e).</summary>
    public CardBusBridgeControl BridgeControl => (CardBusBridgeControl)Word(0x3e);

    /// <summary>Gets the subsystem vendor id (+0x40); null if only 64 bytes were read.</summary>
    public ushort? SubsystemVendorId => Has(0x40, 2) ? Word(0x40) : null;

    /// <summary>Gets the subsystem id (+0x42); null if only 64 bytes were read.</summary>
    public ushort? SubsystemDeviceId => Has(0x42, 2) ? Word(0x42) : null;

    /// <summary>
    /// Gets the base port of the 16-bit PC Card legacy mode (+0x44); null if only 64 bytes were read, 0 if the mode is not used.
    /// </summary>
    public ushort? LegacyModeBase => Has(0x44, 2) ? Word(0x44) : null;

    private protected override int? CapabilitiesPointerAt => 0x14;

    private BridgeWindow Memory(int at) => new(DoubleWord(at), (ulong)DoubleWord(at + 4) + 0xfff, 32);

    private BridgeWindow Io(int at)
    {
        var mask = (DoubleWord(at) & 1) != 0 ? ~3u : 0xfffcu;
        return new BridgeWindow(DoubleWord(at) & mask, (DoubleWord(at + 4) & mask) | 3, mask > 0xffff ? 32 : 16);
    }
}
