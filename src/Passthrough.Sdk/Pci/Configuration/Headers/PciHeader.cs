using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.Pci.Configuration;

/// <summary>The first 64 bytes of a configuration space (PCI Local Bus Specification 3.0, 6.1 and 6.2).</summary>
/// <remarks>One of <see cref="DeviceHeader"/>, <see cref="BridgeHeader"/>, <see cref="CardBusHeader"/> and
/// <see cref="UnknownHeader"/>. Thread safety: immutable.</remarks>
public abstract class PciHeader
{
    private readonly PciRegisters _registers;

    private protected PciHeader(PciRegisters registers, int bars, int? romAt)
    {
        _registers = registers;
        Bars = [.. BaseAddressRegister.ReadAll(registers, bars)];
        Rom = romAt is { } at ? ExpansionRomRegister.Read(registers.DoubleWord(at)) : null;
    }

    /// <summary>Gets the vendor id (+0x00).</summary>
    public ushort VendorId => Word(0x00);

    /// <summary>Gets the device id (+0x02).</summary>
    public ushort DeviceId => Word(0x02);

    /// <summary>Gets the command register (+0x04), which enables the function's features.</summary>
    public PciCommand Command => (PciCommand)Word(0x04);

    /// <summary>Gets the status register (+0x06).</summary>
    public PciStatus Status => (PciStatus)Word(0x06);

    /// <summary>Gets the DEVSEL# timing of the function, from the status register.</summary>
    public DevselTiming DevselTiming => (DevselTiming)PciRegisters.Field(Word(0x06), 9, 2);

    /// <summary>Gets the revision id (+0x08).</summary>
    public byte RevisionId => Byte(0x08);

    /// <summary>Gets the class code (+0x09), 24 bits: base class, subclass, programming interface.</summary>
    public int ClassCode => Byte(0x09) | (Byte(0x0a) << 8) | (Byte(0x0b) << 16);

    /// <summary>Gets the cache line size (+0x0c) in bytes; 0 if it is not set.</summary>
    public int CacheLineSize => Byte(0x0c) * 4;

    /// <summary>Gets the latency timer (+0x0d) in PCI clocks; 0 on PCI Express.</summary>
    public byte LatencyTimer => Byte(0x0d);

    /// <summary>Gets the layout of the header (+0x0e, 7 bits): 0 device, 1 bridge, 2 CardBus bridge.</summary>
    public int HeaderType => Byte(0x0e) & 0x7f;

    /// <summary>Gets whether the device has more than one function (+0x0e, bit 7).</summary>
    public bool IsMultiFunction => (Byte(0x0e) & 0x80) != 0;

    /// <summary>
    /// Gets the built-in self-test (BIST) register (+0x0f): bit 7 for capable, bit 6 for started, bits 3:0 for the result, 0
    /// for passed.
    /// </summary>
    public byte Bist => Byte(0x0f);

    /// <summary>Gets the base address registers in use; a register that is zero or all ones does not exist or was never set.</summary>
    public ValueList<BaseAddressRegister> Bars { get; }

    /// <summary>Gets the base address register of the expansion ROM; null if it is zero or the header has none.</summary>
    public ExpansionRomRegister? Rom { get; }

    /// <summary>Gets the interrupt line (+0x3c), which the firmware wrote; 255 if no line is connected.</summary>
    public byte InterruptLine => Byte(0x3c);

    /// <summary>Gets the interrupt pin (+0x3d): 1 for INTA# to 4 for INTD#; 0 if the function uses no pin.</summary>
    public byte InterruptPin => Byte(0x3d);

    /// <summary>
    /// Gets the offset of the first standard capability; 0 if the status register says that there is none, or if the layout
    /// of the header, and so the place of the pointer, is unknown.
    /// </summary>
    public int CapabilitiesPointer =>
        (Status & PciStatus.CapabilitiesList) != 0 && CapabilitiesPointerAt is { } at ? Byte(at) : 0;

    private protected virtual int? CapabilitiesPointerAt => 0x34;

    internal static PciHeader? Read(ReadOnlyMemory<byte> space, List<PciConfigurationProblem> problems)
    {
        var known = space.Span[..Math.Min(space.Length, PciConfigurationSpace.HeaderLength)];
        if (!known.IsEmpty && known.IndexOfAnyExcept((byte)0xff) < 0)
        {
            problems.Add(new(PciConfigurationProblemKind.AllOnes, 0, "Every byte reads as ones: no device responds at this address."));
            return null;
        }

        if (space.Length < PciConfigurationSpace.HeaderLength)
        {
            problems.Add(new(PciConfigurationProblemKind.Truncated, space.Length, $"Only {space.Length} of the 64 bytes of the header were read."));
            return null;
        }

        var registers = new PciRegisters(space, 0);
        switch (registers.Byte(0x0e) & 0x7f)
        {
            case 0:
                return new DeviceHeader(registers);
            case 1:
                return new BridgeHeader(registers);
            case 2:
                return new CardBusHeader(registers);
            case var type:
                problems.Add(new(PciConfigurationProblemKind.UnknownHeaderType, 0x0e, $"The header is of type {type}, which PCI does not define."));
                return new UnknownHeader(registers);
        }
    }

    private protected byte Byte(int at) => _registers.Byte(at);

    private protected ushort Word(int at) => _registers.Word(at);

    private protected uint DoubleWord(int at) => _registers.DoubleWord(at);

    private protected bool Has(int at, int length) => _registers.Has(at, length);
}
