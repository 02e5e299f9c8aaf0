namespace Passthrough.Sdk.Pci.Configuration;

/// <summary>The locations of the steering tags of a function.</summary>
public enum SteeringTableLocation
{
    /// <summary>Nowhere.</summary>
    None = 0,

    /// <summary>In the capability itself.</summary>
    Capability = 1,

    /// <summary>In the MSI-X table.</summary>
    MsiX = 2,

    /// <summary>Not defined.</summary>
    Reserved = 3,
}
