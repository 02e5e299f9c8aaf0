namespace Passthrough.Sdk.Pci.Configuration;

/// <summary>States of a drive bay.</summary>
[Flags]
public enum EnclosureStates
{
    /// <summary>No bit is set.</summary>
    None = 0,

    /// <summary>There is enclosure management; of the control register: it is on.</summary>
    Capable = 1 << 0,

    /// <summary>Resets it.</summary>
    Reset = 1 << 1,

    /// <summary>In order.</summary>
    Ok = 1 << 2,

    /// <summary>Shows its place.</summary>
    Locate = 1 << 3,

    /// <summary>Failed.</summary>
    Fail = 1 << 4,

    /// <summary>Being rebuilt.</summary>
    Rebuild = 1 << 5,

    /// <summary>About to fail.</summary>
    PredictedFailure = 1 << 6,

    /// <summary>Spare.</summary>
    HotSpare = 1 << 7,

    /// <summary>Part of a critical array.</summary>
    InCriticalArray = 1 << 8,

    /// <summary>Part of a failed array.</summary>
    InFailedArray = 1 << 9,

    /// <summary>A drive of the wrong type.</summary>
    InvalidDeviceType = 1 << 10,

    /// <summary>Switched off.</summary>
    Disabled = 1 << 11,
}
