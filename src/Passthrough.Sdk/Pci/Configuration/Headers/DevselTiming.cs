namespace Passthrough.Sdk.Pci.Configuration;

/// <summary>The times at which a function claims a transaction (DEVSEL#).</summary>
public enum DevselTiming
{
    /// <summary>The function claims the transaction on the first clock.</summary>
    Fast = 0,

    /// <summary>The function claims the transaction on the second clock.</summary>
    Medium = 1,

    /// <summary>The function claims the transaction on the third clock.</summary>
    Slow = 2,

    /// <summary>The value is not defined.</summary>
    Reserved = 3,
}
