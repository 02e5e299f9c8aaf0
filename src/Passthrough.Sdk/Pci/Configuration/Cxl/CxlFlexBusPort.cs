namespace Passthrough.Sdk.Pci.Configuration;

/// <summary>A flex bus port, which works as PCI Express or CXL (DVSEC structure 7; CXL 3.0, 8.2.1.3).</summary>
public sealed class CxlFlexBusPort
{
    private readonly PciRegisters _registers;

    internal CxlFlexBusPort(PciRegisters registers, int revision, int length)
    {
        _registers = registers;
        _hasTrainingData = revision >= 1 && length >= 0x14;
        _hasSecond = revision >= 2 && length >= 0x20;
    }

    /// <summary>Gets the features that the port supports (+10).</summary>
    public FlexBusFeatures Supported => (FlexBusFeatures)_registers.Word(0x0a);

    /// <summary>Gets the enabled features (+12).</summary>
    public FlexBusFeatures Enabled => (FlexBusFeatures)_registers.Word(0x0c);

    /// <summary>Gets the state of the link (+14).</summary>
    public FlexBusFeatures Status => (FlexBusFeatures)_registers.Word(0x0e);

    /// <summary>Gets the data that the link partner sent during training (+16); null in revision 0.</summary>
    public uint? ReceivedTrainingData => _hasTrainingData ? _registers.DoubleWord(0x10) & 0xffffffu : null;

    /// <summary>Gets whether the port supports NOP hints (+20); null before revision 2.</summary>
    public bool? NopHintCapable => _hasSecond ? PciRegisters.Bit(_registers.DoubleWord(0x14), 0) : null;

    /// <summary>Gets whether NOP hints are enabled (+24); null before revision 2.</summary>
    public bool? NopHintEnable => _hasSecond ? PciRegisters.Bit(_registers.DoubleWord(0x18), 0) : null;

    /// <summary>Gets the result of the negotiation of NOP hints (+28); null before revision 2.</summary>
    public int? NopHintInfo => _hasSecond ? PciRegisters.Field(_registers.DoubleWord(0x1c), 0, 2) : null;

    private readonly bool _hasTrainingData;
    private readonly bool _hasSecond;
}
