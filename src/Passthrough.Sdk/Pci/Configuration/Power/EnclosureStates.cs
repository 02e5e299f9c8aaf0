namespace Passthrough.Sdk.Pci.Configuration;

/// <summary>The states of a drive bay.</summary>
[Flags]
public enum EnclosureStates
{
    /// <summary>No bit is set.</summary>
    None = 0,

    /// <summary>Enclosure management is supported; in the control register, it is enabled.</summary>
    Capable = 1 << 0,

    /// <summary>Reset of the enclosure management.</summary>
    Reset = 1 << 1,

    /// <summary>The drive is in order.</summary>
    Ok = 1 << 2,

    /// <summary>The drive bay identifies itself (locate).</summary>
    Locate = 1 << 3,

    /// <summary>The drive has failed.</summary>
    Fail = 1 << 4,

    /// <summary>The drive is being rebuilt.</summary>
    Rebuild = 1 << 5,

    /// <summary>The drive is predicted to fail.</summary>
    PredictedFailure = 1 << 6,

    /// <summary>The drive is a hot spare.</summary>
    HotSpare = 1 << 7,

    /// <summary>The drive is part of a critical array.</summary>
    InCriticalArray = 1 << 8,

    /// <summary>The drive is part of a failed array.</summary>
    InFailedArray = 1 << 9,

    /// <summary>The drive is of an invalid type.</summary>
    InvalidDeviceType = 1 << 10,

    /// <summary>The drive is disabled.</summary>
    Disabled = 1 << 11,
}
