namespace Passthrough.Sdk.Pci.Configuration;

/// <summary>The states of an error injection.</summary>
public enum FlitInjectionState
{
    /// <summary>The injection has not started.</summary>
    NotStarted = 0,

    /// <summary>The injection has started.</summary>
    Started = 1,

    /// <summary>The injection is complete.</summary>
    Completed = 2,

    /// <summary>The injection has failed.</summary>
    Error = 3,
}
