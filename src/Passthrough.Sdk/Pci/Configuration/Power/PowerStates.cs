namespace Passthrough.Sdk.Pci.Configuration;

/// <summary>The power states of a function.</summary>
[Flags]
public enum PowerStates
{
    /// <summary>No bit is set.</summary>
    None = 0,

    /// <summary>D0, the function is fully on.</summary>
    D0 = 1 << 0,

    /// <summary>D1, the function is in a light sleep.</summary>
    D1 = 1 << 1,

    /// <summary>D2, the function is in a deeper sleep.</summary>
    D2 = 1 << 2,

    /// <summary>D3hot, the function is off except for its configuration space.</summary>
    D3Hot = 1 << 3,

    /// <summary>D3cold, the function has no main power.</summary>
    D3Cold = 1 << 4,
}
