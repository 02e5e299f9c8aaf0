namespace Passthrough.Sdk.Pci.Configuration;

/// <summary>The bridge control register (+0x3e; PCI-to-PCI Bridge 1.2, 3.2.5.18).</summary>
[Flags]
public enum BridgeControl
{
    /// <summary>No bit is set.</summary>
    None = 0,

    /// <summary>Acts on parity errors of the far side.</summary>
    ParityErrorResponse = 1 << 0,

    /// <summary>Passes SERR# of the far side on.</summary>
    SystemError = 1 << 1,

    /// <summary>Keeps the ISA aliases of I/O ports off the far side.</summary>
    IsaEnable = 1 << 2,

    /// <summary>Forwards the VGA addresses.</summary>
    VgaEnable = 1 << 3,

    /// <summary>Decodes VGA ports with 16 bits.</summary>
    Vga16BitDecode = 1 << 4,

    /// <summary>Reports accesses behind it that no device answers as an error.</summary>
    MasterAbortMode = 1 << 5,

    /// <summary>Holds the bus behind it in reset.</summary>
    SecondaryBusReset = 1 << 6,

    /// <summary>May start transactions on the far side back to back.</summary>
    FastBackToBack = 1 << 7,

    /// <summary>Drops a delayed transaction of the near side early.</summary>
    PrimaryDiscardTimer = 1 << 8,

    /// <summary>Drops a delayed transaction of the far side early.</summary>
    SecondaryDiscardTimer = 1 << 9,

    /// <summary>A delayed transaction was dropped.</summary>
    DiscardTimerStatus = 1 << 10,

    /// <summary>Reports a dropped transaction with SERR#.</summary>
    DiscardTimerSystemError = 1 << 11,
}
