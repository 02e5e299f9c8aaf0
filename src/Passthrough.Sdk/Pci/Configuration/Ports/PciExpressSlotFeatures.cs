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

    /// <summary>Sensor of the manually operated retention latch (MRL).</summary>
    RetentionLatchSensor = 1 << 2,

    /// <summary>Attention indicator.</summary>
    AttentionIndicator = 1 << 3,

    /// <summary>Power indicator.</summary>
    PowerIndicator = 1 << 4,

    /// <summary>A card may be removed without prior notice (hot-plug surprise).</summary>
    HotPlugSurprise = 1 << 5,

    /// <summary>Support for hot-plug.</summary>
    HotPlugCapable = 1 << 6,

    /// <summary>Electromechanical interlock.</summary>
    ElectromechanicalInterlock = 1 << 17,

    /// <summary>The controller accepts commands without reporting their completion.</summary>
    NoCommandCompleted = 1 << 18,
}
