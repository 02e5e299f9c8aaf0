namespace Passthrough.Sdk.Pci.Configuration;

/// <summary>The header of a PCI-to-PCI bridge, root port or switch port (type 1; PCI-to-PCI Bridge Specification 1.2, 3.2).</summary>
public sealed class BridgeHeader : PciHeader
{
    internal BridgeHeader(PciRegisters registers)
        : base(registers, bars: 2, romAt: 0x38)
    {
        IoWindow = ReadIo();
        MemoryWindow = ReadMemory(0x20, 0x22, isPrefetchable: false);
        PrefetchableWindow = ReadMemory(0x24, 0x26, isPrefetchable: true);
    }

    /// <summary>Gets the number of the primary bus, to which the bridge belongs (+0x18).</summary>
    public byte PrimaryBus => Byte(0x18);

    /// <summary>Gets the number of the secondary bus, which is directly behind the bridge (+0x19).</summary>
    public byte SecondaryBus => Byte(0x19);

    /// <summary>Gets the number of the subordinate bus, the highest bus behind the bridge (+0x1a).</summary>
    public byte SubordinateBus => Byte(0x1a);

    /// <summary>Gets the latency timer of the secondary bus (+0x1b) in PCI clocks.</summary>
    public byte SecondaryLatencyTimer => Byte(0x1b);

    /// <summary>Gets the secondary status register (+0x1e), the status of the secondary bus.</summary>
    public PciStatus SecondaryStatus => (PciStatus)Word(0x1e);

    /// <summary>Gets the DEVSEL# timing of the secondary interface, from the secondary status register.</summary>
    public DevselTiming SecondaryDevselTiming => (DevselTiming)PciRegisters.Field(Word(0x1e), 9, 2);

    /// <summary>Gets the window of I/O ports that the bridge forwards; null if base and limit are not of the same, known type.</summary>
    public BridgeWindow? IoWindow { get; }

    /// <summary>Gets the window of memory that is not prefetchable; null if the registers are not of a known type.</summary>
    public BridgeWindow? MemoryWindow { get; }

    /// <summary>Gets the window of prefetchable memory; null if the registers are not of a known type.</summary>
    public BridgeWindow? PrefetchableWindow { get; }

    /// <summary>Gets the bridge control register (+0x3e).</summary>
    public BridgeControl BridgeControl => (BridgeControl)Word(0x3e);

    private BridgeWindow? ReadIo()
    {
        var (first, last) = ((uint)Byte(0x1c), (uint)Byte(0x1d));
        var kind = first & 0xf;
        if (kind != (last & 0xf) || kind > 1)
        {
            return null;
        }

        var upper = kind == 1;
        var low = ((first & 0xf0) << 8) | (upper ? (uint)Word(0x30) << 16 : 0);
        var high = ((last & 0xf0) << 8) | (upper ? (uint)Word(0x32) << 16 : 0);
        return new BridgeWindow(low, high | 0xfffu, upper ? 32 : 16);
    }

    private BridgeWindow? ReadMemory(int baseAt, int limitAt, bool isPrefetchable)
    {
        var (first, last) = ((uint)Word(baseAt), (uint)Word(limitAt));
        var kind = first & 0xf;
        if (kind != (last & 0xf) || kind > (isPrefetchable ? 1u : 0u))
        {
            return null;
        }

        var upper = kind == 1;
        var low = ((ulong)(first & 0xfff0) << 16) | (upper ? (ulong)DoubleWord(0x28) << 32 : 0);
        var high = ((ulong)(last & 0xfff0) << 16) | (upper ? (ulong)DoubleWord(0x2c) << 32 : 0);
        return new BridgeWindow(low, high | 0xfffffu, upper ? 64 : 32);
    }
}
