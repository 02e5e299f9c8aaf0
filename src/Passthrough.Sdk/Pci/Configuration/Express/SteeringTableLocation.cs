namespace Passthrough.Sdk.Pci.Configuration;

/// <summary>The locations of a function's steering tag table.</summary>
public enum SteeringTableLocation
{
    /// <summary>The function has no steering tag table.</summary>
    None = 0,

    /// <summary>The table is in the capability itself.</summary>
    Capability = 1,

    /// <summary>The table is in the MSI-X table.</summary>
    MsiX = 2,

    /// <summary>The value is not defined.</summary>
    Reserved = 3,
}
