namespace Passthrough.Sdk.Pci.Configuration;

/// <summary>The command register (+0x04; PCI 3.0, 6.2.2): what the function is allowed to do.</summary>
[Flags]
public enum PciCommand
{
    /// <summary>No bit is set.</summary>
    None = 0,

    /// <summary>Answers at its I/O ports.</summary>
    IoSpace = 1 << 0,

    /// <summary>Answers at its memory addresses.</summary>
    MemorySpace = 1 << 1,

    /// <summary>May start transactions itself, that is do DMA.</summary>
    BusMaster = 1 << 2,

    /// <summary>Watches special cycles; 0 on PCI Express.</summary>
    SpecialCycles = 1 << 3,

    /// <summary>May write whole cache lines with memory write and invalidate.</summary>
    MemoryWriteAndInvalidate = 1 << 4,

    /// <summary>Watches writes to the VGA palette.</summary>
    VgaPaletteSnoop = 1 << 5,

    /// <summary>Acts on parity errors.</summary>
    ParityErrorResponse = 1 << 6,

    /// <summary>Steps addresses and data; obsolete.</summary>
    AddressStepping = 1 << 7,

    /// <summary>May report errors with SERR#.</summary>
    SystemError = 1 << 8,

    /// <summary>May start transactions to different devices back to back.</summary>
    FastBackToBack = 1 << 9,

    /// <summary>May not raise its INTx interrupt.</summary>
    InterruptDisable = 1 << 10,
}
