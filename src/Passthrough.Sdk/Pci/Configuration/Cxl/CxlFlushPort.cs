namespace Passthrough.Sdk.Pci.Configuration;

/// <summary>Global persistent flush of a CXL port (DVSEC structure 4; CXL 3.0, 8.1.6).</summary>
public sealed class CxlFlushPort
{
    private readonly PciRegisters _registers;

    internal CxlFlushPort(PciRegisters registers) => _registers = registers;

    /// <summary>Gets the timeout of phase 1 (+12); null for an undefined scale.</summary>
    public TimeSpan? Phase1Timeout => CxlDuration.Read(_registers.Word(0x0c));

    /// <summary>Gets the timeout of phase 2 (+14); null for an undefined scale.</summary>
    public TimeSpan? Phase2Timeout => CxlDuration.Read(_registers.Word(0x0e));
}
