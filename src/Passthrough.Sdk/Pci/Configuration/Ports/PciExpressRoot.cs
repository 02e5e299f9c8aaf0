namespace Passthrough.Sdk.Pci.Configuration;

/// <summary>Root registers of PCI Express (PCI Express 6.0, 7.5.3.12 to 7.5.3.14).</summary>
public sealed class PciExpressRoot
{
    private readonly PciRegisters _registers;

    internal PciExpressRoot(PciRegisters registers) => _registers = registers;

    /// <summary>Gets whether it raises a system error on correctable errors below (root control, +28).</summary>
    public bool SystemErrorOnCorrectable => PciRegisters.Bit(_registers.Word(0x1c), 0);

    /// <summary>Gets whether it raises a system error on nonfatal errors below.</summary>
    public bool SystemErrorOnNonFatal => PciRegisters.Bit(_registers.Word(0x1c), 1);

    /// <summary>Gets whether it raises a system error on fatal errors below.</summary>
    public bool SystemErrorOnFatal => PciRegisters.Bit(_registers.Word(0x1c), 2);

    /// <summary>Gets whether it interrupts on a power management event.</summary>
    public bool PmeInterruptEnable => PciRegisters.Bit(_registers.Word(0x1c), 3);

    /// <summary>Gets whether it makes it visible to software that a function requests a retry.</summary>
    public bool RetryStatusVisibilityEnable => PciRegisters.Bit(_registers.Word(0x1c), 4);

    /// <summary>Gets whether it can make a retry visible to software (root capabilities, +30).</summary>
    public bool RetryStatusVisibility => PciRegisters.Bit(_registers.Word(0x1e), 0);

    /// <summary>Gets who sent the power management event (root status, +32).</summary>
    public ushort PmeRequesterId => _registers.Word(0x20);

    /// <summary>Gets whether a power management event was sent.</summary>
    public bool PmeStatus => PciRegisters.Bit(_registers.DoubleWord(0x20), 16);

    /// <summary>Gets whether another one waits.</summary>
    public bool PmePending => PciRegisters.Bit(_registers.DoubleWord(0x20), 17);
}
