namespace Passthrough.Sdk.Pci.Configuration;

/// <summary>The bridge control register of a CardBus bridge (+0x3e).</summary>
[Flags]
public enum CardBusBridgeControl
{
    /// <summary>No bit is set.</summary>
    None = 0,

    /// <summary>Acts on parity errors of the CardBus.</summary>
    ParityErrorResponse = 1 << 0,

    /// <summary>Passes SERR# of the CardBus on.</summary>
    SystemError = 1 << 1,

    /// <summary>Keeps the ISA aliases of I/O ports off the CardBus.</summary>
    IsaEnable = 1 << 2,

    /// <summary>Forwards the VGA addresses.</summary>
    VgaEnable = 1 << 3,

    /// <summary>Reports what no card answers as an error.</summary>
    MasterAbortMode = 1 << 5,

    /// <summary>Holds the card in reset.</summary>
    CardBusReset = 1 << 6,

    /// <summary>Routes the interrupts of 16-bit cards by the bridge's own registers.</summary>
    Interrupt16Bit = 1 << 7,

    /// <summary>Memory window 0 may be prefetched.</summary>
    PrefetchMemory0 = 1 << 8,

    /// <summary>Memory window 1 may be prefetched.</summary>
    PrefetchMemory1 = 1 << 9,

    /// <summary>Posts writes to the card.</summary>
    WritePosting = 1 << 10,
}
