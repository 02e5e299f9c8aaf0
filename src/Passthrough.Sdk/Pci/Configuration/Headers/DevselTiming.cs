namespace Passthrough.Sdk.Pci.Configuration;

/// <summary>The speeds with which a function claims a transaction (DEVSEL#).</summary>
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
