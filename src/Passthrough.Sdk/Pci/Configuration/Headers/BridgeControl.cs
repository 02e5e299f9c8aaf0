namespace Passthrough.Sdk.Pci.Configuration;

/// <summary>The bridge control register (+0x3e; PCI-to-PCI Bridge 1.2, 3.2.5.18).</summary>
[Flags]
public enum BridgeControl
{
    /// <summary>No bit is set.</summary>
    None = 0,

    /// <summary>The bridge responds to parity errors on the secondary bus.</summary>
    ParityErrorResponse = 1 << 0,

    /// <summary>The bridge forwards SERR# from the secondary bus.</summary>
    SystemError = 1 << 1,

    /// <summary>The bridge does not forward the ISA aliases of I/O ports to the secondary bus.</summary>
    IsaEnable = 1 << 2,

    /// <summary>The bridge forwards the VGA addresses.</summary>
    VgaEnable = 1 << 3,

    /// <summary>The bridge decodes 16 bits of the addresses of VGA ports.</summary>
    Vga16BitDecode = 1 << 4,

    /// <summary>The bridge reports a master abort on the secondary bus as an error.</summary>
    MasterAbortMode = 1 << 5,

    /// <summary>The bridge holds the secondary bus in reset.</summary>
    SecondaryBusReset = 1 << 6,

    /// <summary>The bridge may start fast back-to-back transactions on the secondary bus.</summary>
    FastBackToBack = 1 << 7,

    /// <summary>The bridge discards a delayed transaction of the primary bus early.</summary>
    PrimaryDiscardTimer = 1 << 8,

    /// <summary>The bridge discards a delayed transaction of the secondary bus early.</summary>
    SecondaryDiscardTimer = 1 << 9,

    /// <summary>The bridge has discarded a delayed transaction.</summary>
    DiscardTimerStatus = 1 << 10,

    /// <summary>The bridge reports a discarded transaction with SERR#.</summary>
    DiscardTimerSystemError = 1 << 11,
}
