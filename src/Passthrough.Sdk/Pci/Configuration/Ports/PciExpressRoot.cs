namespace Passthrough.Sdk.Pci.Configuration;

/// <summary>The root registers of a PCI Express function (PCI Express 6.0, 7.5.3.12 to 7.5.3.14).</summary>
public sealed class PciExpressRoot
{
    private readonly PciRegisters _registers;

    internal PciExpressRoot(PciRegisters registers) => _registers = registers;

    /// <summary>Gets whether the port raises a system error for correctable errors in the hierarchy below it (root control, +28).</summary>
    public bool SystemErrorOnCorrectable => PciRegisters.Bit(_registers.Word(0x1c), 0);

    /// <summary>Gets whether the port raises a system error for nonfatal errors in the hierarchy below it.</summary>
    public bool SystemErrorOnNonFatal => PciRegisters.Bit(_registers.Word(0x1c), 1);

    /// <summary>Gets whether the port raises a system error for fatal errors in the hierarchy below it.</summary>
    public bool SystemErrorOnFatal => PciRegisters.Bit(_registers.Word(0x1c), 2);

    /// <summary>Gets whether the port interrupts on a power management event (PME).</summary>
    public bool PmeInterruptEnable => PciRegisters.Bit(_registers.Word(0x1c), 3);

    /// <summary>Gets whether the port returns request retry status (RRS) to software (RRS software visibility).</summary>
    public bool RetryStatusVisibilityEnable => PciRegisters.Bit(_registers.Word(0x1c), 4);

    /// <summary>Gets whether the port can return request retry status (RRS) to software (root capabilities, +30).</summary>
    public bool RetryStatusVisibility => PciRegisters.Bit(_registers.Word(0x1e), 0);

    /// <summary>Gets the requester ID of the function that sent the power management event (root status, +32).</summary>
    public ushort PmeRequesterId => _registers.Word(0x20);

    /// <summary>Gets whether a power management event (PME) was received.</summary>
    public bool PmeStatus => PciRegisters.Bit(_registers.DoubleWord(0x20), 16);

    /// <summary>Gets whether another power management event is pending.</summary>
    public bool PmePending => PciRegisters.Bit(_registers.DoubleWord(0x20), 17);
}
