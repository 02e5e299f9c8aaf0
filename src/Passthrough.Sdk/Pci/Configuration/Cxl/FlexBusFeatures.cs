namespace Passthrough.Sdk.Pci.Configuration;

/// <summary>Features of a flex bus port.</summary>
[Flags]
public enum FlexBusFeatures
{
    /// <summary>No bit is set.</summary>
    None = 0,

    /// <summary>CXL.cache.</summary>
    Cache = 1 << 0,

    /// <summary>CXL.io.</summary>
    Io = 1 << 1,

    /// <summary>CXL.mem.</summary>
    Memory = 1 << 2,

    /// <summary>Leaves the sync header out.</summary>
    SyncHeaderBypass = 1 << 3,

    /// <summary>Drift buffer.</summary>
    DriftBuffer = 1 << 4,

    /// <summary>Flits of 68 bytes and virtual hierarchies.</summary>
    Flit68 = 1 << 5,

    /// <summary>Multi-logical devices.</summary>
    MultiLogicalDevice = 1 << 6,

    /// <summary>Control only: does not train as a restricted device.</summary>
    RestrictedDeviceTrainingDisable = 1 << 7,

    /// <summary>Control only: one retimer.</summary>
    Retimer1 = 1 << 8,

    /// <summary>Control only: two retimers.</summary>
    Retimer2 = 1 << 9,

    /// <summary>Flits of 256 bytes with low latency.</summary>
    Flit256 = 1 << 13,

    /// <summary>Flits routed by port.</summary>
    PortBasedRouting = 1 << 14,
}
