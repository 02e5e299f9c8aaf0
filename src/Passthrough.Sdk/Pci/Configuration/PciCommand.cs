namespace Passthrough.Sdk.Pci.Configuration;

/// <summary>The command register (+0x04; PCI 3.0, 6.2.2), which controls what the function may do.</summary>
[Flags]
public enum PciCommand
{
    /// <summary>No bit is set.</summary>
    None = 0,

    /// <summary>The function responds to I/O space accesses.</summary>
    IoSpace = 1 << 0,

    /// <summary>The function responds to memory space accesses.</summary>
    MemorySpace = 1 << 1,

    /// <summary>The function may start transactions itself, that is, perform DMA.</summary>
    BusMaster = 1 << 2,

    /// <summary>The function monitors special cycles; 0 on PCI Express.</summary>
    SpecialCycles = 1 << 3,

    /// <summary>The function may use memory write and invalidate.</summary>
    MemoryWriteAndInvalidate = 1 << 4,

    /// <summary>The function snoops writes to the VGA palette.</summary>
    VgaPaletteSnoop = 1 << 5,

    /// <summary>The function responds to parity errors.</summary>
    ParityErrorResponse = 1 << 6,

    /// <summary>The function uses address and data stepping; obsolete.</summary>
    AddressStepping = 1 << 7,

    /// <summary>The function may report errors with SERR#.</summary>
    SystemError = 1 << 8,

    /// <summary>The function may start fast back-to-back transactions to different devices.</summary>
    FastBackToBack = 1 << 9,

    /// <summary>The function may not assert its INTx interrupt.</summary>
    InterruptDisable = 1 << 10,
}
