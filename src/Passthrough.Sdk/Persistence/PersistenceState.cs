namespace Passthrough.Sdk.Persistence;

/// <summary>How a host is, compared with what a file configures for every boot.</summary>
public enum PersistenceState
{
    /// <summary>It cannot be determined, because the functions of the host or their ids are not known.</summary>
    Unknown = 0,

    /// <summary>The function has the driver, or the virtual functions, that are configured.</summary>
    InEffect = 1,

    /// <summary>The function has no driver or another one, or another number of virtual functions.</summary>
    NotInEffect = 2,

    /// <summary>The host has no function with the address.</summary>
    Absent = 3,

    /// <summary>The address belongs to another device than the configured one.</summary>
    OtherDevice = 4,
}
