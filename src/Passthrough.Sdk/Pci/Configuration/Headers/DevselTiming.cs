namespace Passthrough.Sdk.Pci.Configuration;

/// <summary>How fast a function claims a transaction with DEVSEL#.</summary>
public enum DevselTiming
{
    /// <summary>On the first clock.</summary>
    Fast = 0,

    /// <summary>On the second clock.</summary>
    Medium = 1,

    /// <summary>On the third clock.</summary>
    Slow = 2,

    /// <summary>Not defined.</summary>
    Reserved = 3,
}
