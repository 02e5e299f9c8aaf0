namespace Passthrough.Sdk.Pci.Configuration;

/// <summary>How far an injection of errors has come.</summary>
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
