namespace Passthrough.Sdk.Boot;

/// <summary>Where a parameter stands: in the kernel that runs, in the configuration for the next boot, in both, in neither.</summary>
public enum BootParameterState
{
    /// <summary>One of the two could not be read.</summary>
    Unknown = 0,

    /// <summary>In force now and after the next boot.</summary>
    RunningAndConfigured = 1,

    /// <summary>In force now, and gone after the next boot.</summary>
    RunningOnly = 2,

    /// <summary>Not in force yet: a reboot is owed.</summary>
    ConfiguredOnly = 3,

    /// <summary>Not in force, now or after the next boot.</summary>
    Neither = 4,
}
