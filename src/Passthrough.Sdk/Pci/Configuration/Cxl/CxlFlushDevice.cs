namespace Passthrough.Sdk.Pci.Configuration;

/// <summary>Global persistent flush of a CXL device (DVSEC structure 5; CXL 3.0, 8.1.7).</summary>
public sealed class CxlFlushDevice
{
    private readonly PciRegisters _registers;

    internal CxlFlushDevice(PciRegisters registers) => _registers = registers;

    /// <summary>Gets the time that the device needs for phase 2 (+10); null for an undefined scale.</summary>
    public TimeSpan? Phase2Duration => CxlDuration.Read(_registers.Word(0x0a));

    /// <summary>Gets the power that the device draws in phase 2, in mW (+12).</summary>
    public uint Phase2Power => _registers.DoubleWord(0x0c);
}
