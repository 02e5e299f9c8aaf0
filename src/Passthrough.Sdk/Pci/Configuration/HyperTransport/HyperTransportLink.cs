namespace Passthrough.Sdk.Pci.Configuration;

/// <summary>One HyperTransport link (HyperTransport 2.00, 7.5.3.3 to 7.5.3.8).</summary>
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

    /// <summary>Gets the byte lanes with CRC errors, one bit for each lane.</summary>
    public int CrcErrors => PciRegisters.Field(_registers.Word(_control), 8, 4);

    /// <summary>Gets the maximum width of the receiver, in bits; 0 for a link that is not connected, -1 for a reserved value.</summary>
    public int MaximumWidthIn => Width(0);

    /// <summary>Gets the maximum width of the transmitter, in bits; 0 for a link that is not connected, -1 for a reserved value.</summary>
    public int MaximumWidthOut => Width(4);

    /// <summary>Gets the width of the receiver in use, in bits; 0 for a link that is not connected, -1 for a reserved value.</summary>
    public int WidthIn => Width(8);

    /// <summary>Gets the width of the transmitter in use, in bits; 0 for a link that is not connected, -1 for a reserved value.</summary>
    public int WidthOut => Width(12);

    /// <summary>Gets whether the receiver supports doubleword flow control.</summary>
    public bool DoublewordFlowControlIn => PciRegisters.Bit(_registers.Word(_configuration), 3);

    /// <summary>Gets whether the transmitter supports doubleword flow control.</summary>
    public bool DoublewordFlowControlOut => PciRegisters.Bit(_registers.Word(_configuration), 7);

    /// <summary>Gets whether doubleword flow control is enabled for the receiver.</summary>
    public bool DoublewordFlowControlInEnable => PciRegisters.Bit(_registers.Word(_configuration), 11);

    /// <summary>Gets whether doubleword flow control is enabled for the transmitter.</summary>
    public bool DoublewordFlowControlOutEnable => PciRegisters.Bit(_registers.Word(_configuration), 15);

    /// <summary>
    /// Gets the code of the transmitter's clock frequency: 0 for 200 MHz, 1 for 300, 2 for 400, 3 for 500, 4 for 600, 5 for
    /// 800, 6 for 1000, 7 for 1200, 8 for 1400, 9 for 1600, 15 for a vendor-specific frequency.
    /// </summary>
    public int Frequency => PciRegisters.Field(_registers.Byte(_frequency), 0, 4);

    /// <summary>Gets whether the link has detected a protocol error.</summary>
    public bool ProtocolError => PciRegisters.Bit(_registers.Byte(_frequency), 4);

    /// <summary>Gets whether a receive buffer has overflowed.</summary>
    public bool OverflowError => PciRegisters.Bit(_registers.Byte(_frequency), 5);

    /// <summary>Gets whether a packet has reached the end of the chain.</summary>
    public bool EndOfChainError => PciRegisters.Bit(_registers.Byte(_frequency), 6);

    /// <summary>Gets whether the control line was deasserted for too long.</summary>
    public bool ControlTimeout => PciRegisters.Bit(_registers.Byte(_frequency), 7);

    /// <summary>Gets the frequencies that the link supports, one bit each in the order of <see cref="Frequency"/>.</summary>
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
