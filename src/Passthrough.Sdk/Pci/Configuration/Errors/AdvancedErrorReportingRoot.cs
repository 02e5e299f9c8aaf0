namespace Passthrough.Sdk.Pci.Configuration;

/// <summary>The advanced error reporting registers of root ports and event collectors (PCI Express 6.0, 7.8.4.9 to 7.8.4.11).</summary>
public sealed class AdvancedErrorReportingRoot
{
    private readonly PciRegisters _registers;

    internal AdvancedErrorReportingRoot(PciRegisters registers) => _registers = registers;

    /// <summary>Gets whether the port interrupts on correctable errors (root error command, +44).</summary>
    public bool CorrectableEnable => PciRegisters.Bit(_registers.DoubleWord(0x2c), 0);

    /// <summary>Gets whether the port interrupts on nonfatal errors.</summary>
    public bool NonFatalEnable => PciRegisters.Bit(_registers.DoubleWord(0x2c), 1);

    /// <summary>Gets whether the port interrupts on fatal errors.</summary>
    public bool FatalEnable => PciRegisters.Bit(_registers.DoubleWord(0x2c), 2);

    /// <summary>Gets whether a correctable error was reported (root error status, +48).</summary>
    public bool CorrectableReceived => PciRegisters.Bit(_registers.DoubleWord(0x30), 0);

    /// <summary>Gets whether another correctable error was reported before the first one was cleared.</summary>
    public bool MultipleCorrectableReceived => PciRegisters.Bit(_registers.DoubleWord(0x30), 1);

    /// <summary>Gets whether an uncorrectable error was reported.</summary>
    public bool UncorrectableReceived => PciRegisters.Bit(_registers.DoubleWord(0x30), 2);

    /// <summary>Gets whether another uncorrectable error was reported before the first one was cleared.</summary>
    public bool MultipleUncorrectableReceived => PciRegisters.Bit(_registers.DoubleWord(0x30), 3);

    /// <summary>Gets whether the first uncorrectable error was fatal.</summary>
    public bool FirstUncorrectableFatal => PciRegisters.Bit(_registers.DoubleWord(0x30), 4);

    /// <summary>Gets whether a nonfatal error was reported.</summary>
    public bool NonFatalReceived => PciRegisters.Bit(_registers.DoubleWord(0x30), 5);

    /// <summary>Gets whether a fatal error was reported.</summary>
    public bool FatalReceived => PciRegisters.Bit(_registers.DoubleWord(0x30), 6);

    /// <summary>Gets the MSI or MSI-X vector of the error interrupts.</summary>
    public int InterruptMessageNumber => PciRegisters.Field(_registers.DoubleWord(0x30), 27, 5);

    /// <summary>Gets the requester ID of the first correctable error's source (+52).</summary>
    public ushort CorrectableSource => _registers.Word(0x34);

    /// <summary>Gets the requester ID of the first uncorrectable error's source (+54).</summary>
    public ushort UncorrectableSource => _registers.Word(0x36);
}
