namespace Passthrough.Sdk.Pci.Configuration;

/// <summary>The features of a flex bus port.</summary>
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

    /// <summary>Omission of the sync header (sync header bypass).</summary>
    SyncHeaderBypass = 1 << 3,

    /// <summary>Drift buffer.</summary>
    DriftBuffer = 1 << 4,

    /// <summary>68-byte flits and virtual hierarchies.</summary>
    Flit68 = 1 << 5,

    /// <summary>Multi-logical devices.</summary>
    MultiLogicalDevice = 1 << 6,

    /// <summary>Control only: the port does not train as a restricted CXL device.</summary>
    RestrictedDeviceTrainingDisable = 1 << 7,

    /// <summary>Control only: one retimer is present.</summary>
    Retimer1 = 1 << 8,

    /// <summary>Control only: two retimers are present.</summary>
    Retimer2 = 1 << 9,

    /// <summary>Low-latency 256-byte flits.</summary>
    Flit256 = 1 << 13,

    /// <summary>Port-based routing flits.</summary>
    PortBasedRouting = 1 << 14,
}
