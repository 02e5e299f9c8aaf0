namespace Passthrough.Sdk.Boot;

/// <summary>The state of a parameter: set in the running kernel, in the configuration for the next boot, in both, or in neither.</summary>
public enum BootParameterState
{
    /// <summary>The running or the configured command line could not be read.</summary>
    Unknown = 0,

    /// <summary>The parameter is in effect now and after the next boot.</summary>
    RunningAndConfigured = 1,

    /// <summary>The parameter is in effect now, but not after the next boot.</summary>
    RunningOnly = 2,

    /// <summary>The parameter is not in effect yet: a reboot is required.</summary>
    ConfiguredOnly = 3,

    /// <summary>The parameter is in effect neither now nor after the next boot.</summary>
    Neither = 4,
}
