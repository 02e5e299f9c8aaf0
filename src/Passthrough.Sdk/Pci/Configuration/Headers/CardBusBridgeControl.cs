namespace Passthrough.Sdk.Pci.Configuration;

/// <summary>The bridge control register of a CardBus bridge (+0x3e).</summary>
[Flags]
public enum CardBusBridgeControl
{
    /// <summary>No bit is set.</summary>
    None = 0,

    /// <summary>The bridge responds to parity errors on the CardBus.</summary>
    ParityErrorResponse = 1 << 0,

    /// <summary>The bridge forwards SERR# from the CardBus.</summary>
    SystemError = 1 << 1,

    /// <summary>The bridge does not forward the ISA aliases of I/O ports to the CardBus.</summary>
    IsaEnable = 1 << 2,

    /// <summary>The bridge forwards the VGA addresses.</summary>
    VgaEnable = 1 << 3,

    /// <summary>The bridge reports a master abort on the CardBus as an error.</summary>
    MasterAbortMode = 1 << 5,

    /// <summary>The bridge holds the card in reset.</summary>
    CardBusReset = 1 << 6,

    /// <summary>The bridge's own registers route the interrupts of 16-bit cards.</summary>
    Interrupt16Bit = 1 << 7,

    /// <summary>Memory window 0 is prefetchable.</summary>
    PrefetchMemory0 = 1 << 8,

    /// <summary>Memory window 1 is prefetchable.</summary>
    PrefetchMemory1 = 1 << 9,

    /// <summary>The bridge posts writes to the card.</summary>
    WritePosting = 1 << 10,
}
