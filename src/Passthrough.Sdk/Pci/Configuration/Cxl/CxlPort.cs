namespace Passthrough.Sdk.Pci.Configuration;

/// <summary>A CXL port (DVSEC structure 3; CXL 3.0, 8.1.5).</summary>
public sealed class CxlPort
{
    private readonly PciRegisters _registers;

    internal CxlPort(PciRegisters registers) => _registers = registers;

    /// <summary>Gets whether the initialization of power management is complete (+10).</summary>
    public bool PowerManagementComplete => PciRegisters.Bit(_registers.Word(0x0a), 0);

    /// <summary>Gets whether the port forwards a secondary bus reset (+12).</summary>
    public bool UnmaskSecondaryBusReset => PciRegisters.Bit(_registers.Word(0x0c), 0);

    /// <summary>Gets whether the link may be disabled.</summary>
    public bool UnmaskLinkDisable => PciRegisters.Bit(_registers.Word(0x0c), 1);

    /// <summary>Gets whether the port forwards the alternate memory and bus ranges.</summary>
    public bool AlternateMemoryEnable => PciRegisters.Bit(_registers.Word(0x0c), 2);

    /// <summary>Gets whether the port forwards requests from below that lie within the alternate ranges.</summary>
    public bool AlternateBusMasterEnable => PciRegisters.Bit(_registers.Word(0x0c), 3);

    /// <summary>Gets whether viral handling is enabled.</summary>
    public bool ViralEnable => PciRegisters.Bit(_registers.Word(0x0c), 14);

    /// <summary>Gets the first bus of the alternate range (+14).</summary>
    public byte AlternateBusBase => _registers.Byte(0x0e);

    /// <summary>Gets the last bus of the alternate range (+15).</summary>
    public byte AlternateBusLimit => _registers.Byte(0x0f);

    /// <summary>Gets the upper 16 of the 32 bits of the first address of the alternate memory range (+16).</summary>
    public ushort AlternateMemoryBase => _registers.Word(0x10);

    /// <summary>Gets the upper 16 of the 32 bits of the last address of the alternate memory range (+18).</summary>
    public ushort AlternateMemoryLimit => _registers.Word(0x12);
}
