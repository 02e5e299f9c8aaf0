namespace Passthrough.Sdk.Pci.Configuration;

/// <summary>The states of an error injection.</summary>
public enum FlitInjectionState
{
    /// <summary>Not started.</summary>
    NotStarted = 0,

    /// <summary>Started.</summary>
    Started = 1,

    /// <summary>Completed.</summary>
    Completed = 2,

    /// <summary>Went wrong.</summary>
    Error = 3,
}
