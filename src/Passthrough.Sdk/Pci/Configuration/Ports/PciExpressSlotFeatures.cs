namespace Passthrough.Sdk.Pci.Configuration;

/// <summary>The features of a slot.</summary>
[Flags]
public enum PciExpressSlotFeatures
{
    /// <summary>No bit is set.</summary>
    None = 0,

    /// <summary>Attention button.</summary>
    AttentionButton = 1 << 0,

    /// <summary>Power controller.</summary>
    PowerController = 1 << 1,

    /// <summary>Sensor of the latch that holds the card.</summary>
    RetentionLatchSensor = 1 << 2,

    /// <summary>Attention indicator.</summary>
    AttentionIndicator = 1 << 3,

    /// <summary>Power indicator.</summary>
    PowerIndicator = 1 << 4,

    /// <summary>A card may be pulled without notice.</summary>
    HotPlugSurprise = 1 << 5,

    /// <summary>Hot-plug.</summary>
    HotPlugCapable = 1 << 6,

    /// <summary>Electromechanical interlock.</summary>
    ElectromechanicalInterlock = 1 << 17,

    /// <summary>Takes commands without telling when they are done.</summary>
    NoCommandCompleted = 1 << 18,
}
