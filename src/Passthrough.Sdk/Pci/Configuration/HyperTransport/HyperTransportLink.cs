namespace Passthrough.Sdk.Pci.Configuration;

/// <summary>One link of HyperTransport (HyperTransport 2.00, 7.5.3.3 to 7.5.3.8).</summary>
public sealed class HyperTransportLink
{
    private readonly PciRegisters _registers;

    internal HyperTransportLink(PciRegisters registers, int control, int configuration, int frequency, int frequencies)
    {
        _registers = registers;
        (_control, _configuration, _frequency, _frequencies) = (control, configuration, frequency, frequencies);
    }

    /// <summary>Gets the link control register.</summary>
    public HyperTransportLinkControl Control => (HyperTransportLinkControl)(_registers.Word(_control) & 0xf0fe);

    /// <summary>Gets the byte lanes with CRC errors, a bit each.</summary>
    public int CrcErrors => PciRegisters.Field(_registers.Word(_control), 8, 4);

    /// <summary>Gets the widest receiver that the hardware has, in bits; 0 for a link that leads nowhere, -1 for a reserved value.</summary>
    public int MaximumWidthIn => Width(0);

    /// <summary>Gets the widest transmitter that the hardware has, in bits; 0 for a link that leads nowhere, -1 for a reserved value.</summary>
    public int MaximumWidthOut => Width(4);

    /// <summary>Gets the width of the receiver in use, in bits; 0 for a link that leads nowhere, -1 for a reserved value.</summary>
    public int WidthIn => Width(8);

    /// <summary>Gets the width of the transmitter in use, in bits; 0 for a link that leads nowhere, -1 for a reserved value.</summary>
    public int WidthOut => Width(12);

    /// <summary>Gets whether the receiver can count in double words.</summary>
    public bool DoublewordFlowControlIn => PciRegisters.Bit(_registers.Word(_configuration), 3);

    /// <summary>Gets whether the transmitter can count in double words.</summary>
    public bool DoublewordFlowControlOut => PciRegisters.Bit(_registers.Word(_configuration), 7);

    /// <summary>Gets whether the receiver counts in double words.</summary>
    public bool DoublewordFlowControlInEnable => PciRegisters.Bit(_registers.Word(_configuration), 11);

    /// <summary>Gets whether the transmitter counts in double words.</summary>
    public bool DoublewordFlowControlOutEnable => PciRegisters.Bit(_registers.Word(_configuration), 15);

    /// <summary>
    /// Gets the clock of the transmitter: 0 200 MHz, 1 300, 2 400, 3 500, 4 600, 5 800, 6 1000, 7 1200, 8 1400, 9 1600, 15 the
    /// vendor's own.
    /// </summary>
    public int Frequency => PciRegisters.Field(_registers.Byte(_frequency), 0, 4);

    /// <summary>Gets whether it has seen a protocol error.</summary>
    public bool ProtocolError => PciRegisters.Bit(_registers.Byte(_frequency), 4);

    /// <summary>Gets whether a receive buffer has overflowed.</summary>
    public bool OverflowError => PciRegisters.Bit(_registers.Byte(_frequency), 5);

    /// <summary>Gets whether a packet ran off the end of the chain.</summary>
    public bool EndOfChainError => PciRegisters.Bit(_registers.Byte(_frequency), 6);

    /// <summary>Gets whether the control line was low for too long.</summary>
    public bool ControlTimeout => PciRegisters.Bit(_registers.Byte(_frequency), 7);

    /// <summary>Gets the clocks that the link can run at, a bit each in the order of <see cref="Frequency"/>.</summary>
    public int Frequencies => _registers.Word(_frequencies);

    private readonly int _control;
    private readonly int _configuration;
    private readonly int _frequency;
    private readonly int _frequencies;

    private int Width(int bit) => PciRegisters.Field(_registers.Word(_configuration), bit, 3) switch
    {
        0 => 8,
        1 => 16,
        3 => 32,
        4 => 2,
        5 => 4,
        7 => 0,
        _ => -1,
    };
}
