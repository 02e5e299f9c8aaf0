namespace Passthrough.Sdk.Pci.Configuration;

/// <summary>Power states of a function.</summary>
[Flags]
public enum PowerStates
{
    /// <summary>No bit is set.</summary>
    None = 0,

    /// <summary>D0, fully on.</summary>
    D0 = 1 << 0,

    /// <summary>D1, light sleep.</summary>
    D1 = 1 << 1,

    /// <summary>D2, deeper sleep.</summary>
    D2 = 1 << 2,

    /// <summary>D3hot, off but for the configuration space.</summary>
    D3Hot = 1 << 3,

    /// <summary>D3cold, without main power.</summary>
    D3Cold = 1 << 4,
}
