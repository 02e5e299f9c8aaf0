namespace Passthrough.Sdk.Pci.Configuration;

/// <summary>Events of a slot.</summary>
[Flags]
public enum PciExpressSlotEvents
{
    /// <summary>No bit is set.</summary>
    None = 0,

    /// <summary>The attention button was pressed.</summary>
    AttentionButtonPressed = 1 << 0,

    /// <summary>The power controller has seen a fault.</summary>
    PowerFault = 1 << 1,

    /// <summary>The latch was opened or closed.</summary>
    RetentionLatchChanged = 1 << 2,

    /// <summary>A card came or went.</summary>
    PresenceChanged = 1 << 3,

    /// <summary>A command is done.</summary>
    CommandCompleted = 1 << 4,

    /// <summary>Any of these interrupts (control only).</summary>
    HotPlugInterrupt = 1 << 5,

    /// <summary>The data link layer came up or went down.</summary>
    LinkStateChanged = 1 << 12,
}
