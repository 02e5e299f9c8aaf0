namespace Passthrough.Sdk.Pci.Configuration;

/// <summary>A CXL port (DVSEC structure 3; CXL 3.0, 8.1.5).</summary>
public sealed class CxlPort
{
    private readonly PciRegisters _registers;

    internal CxlPort(PciRegisters registers) => _registers = registers;

    /// <summary>Gets whether power management is set up (+10).</summary>
    public bool PowerManagementComplete => PciRegisters.Bit(_registers.Word(0x0a), 0);

    /// <summary>Gets whether it passes a bus reset on (+12).</summary>
    public bool UnmaskSecondaryBusReset => PciRegisters.Bit(_registers.Word(0x0c), 0);

    /// <summary>Gets whether the link may be switched off.</summary>
    public bool UnmaskLinkDisable => PciRegisters.Bit(_registers.Word(0x0c), 1);

    /// <summary>Gets whether it forwards the ranges below.</summary>
    public bool AlternateMemoryEnable => PciRegisters.Bit(_registers.Word(0x0c), 2);

    /// <summary>Gets whether it forwards requests from below within them.</summary>
    public bool AlternateBusMasterEnable => PciRegisters.Bit(_registers.Word(0x0c), 3);

    /// <summary>Gets whether it carries on the viral state.</summary>
    public bool ViralEnable => PciRegisters.Bit(_registers.Word(0x0c), 14);

    /// <summary>Gets the first further bus (+14).</summary>
    public byte AlternateBusBase => _registers.Byte(0x0e);

    /// <summary>Gets the last further bus (+15).</summary>
    public byte AlternateBusLimit => _registers.Byte(0x0f);

    /// <summary>Gets the upper 16 of the first further address's 32 bits (+16).</summary>
    public ushort AlternateMemoryBase => _registers.Word(0x10);

    /// <summary>Gets the upper 16 of the last further address's 32 bits (+18).</summary>
    public ushort AlternateMemoryLimit => _registers.Word(0x12);
}
