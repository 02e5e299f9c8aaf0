namespace Passthrough.Sdk.Pci.Configuration;

/// <summary>The events of a slot.</summary>
[Flags]
public enum PciExpressSlotEvents
{
    /// <summary>No bit is set.</summary>
    None = 0,

    /// <summary>The attention button was pressed.</summary>
    AttentionButtonPressed = 1 << 0,

    /// <summary>The power controller has detected a fault.</summary>
    PowerFault = 1 << 1,

    /// <summary>The manually operated retention latch (MRL) was opened or closed.</summary>
    RetentionLatchChanged = 1 << 2,

    /// <summary>A card was inserted or removed.</summary>
    PresenceChanged = 1 << 3,

    /// <summary>The controller has completed a command.</summary>
    CommandCompleted = 1 << 4,

    /// <summary>All interrupts of these events (slot control only).</summary>
    HotPlugInterrupt = 1 << 5,

    /// <summary>The data link layer became active or inactive.</summary>
    LinkStateChanged = 1 << 12,
}
