namespace Passthrough.Sdk.Starts;

/// <summary>The installed hook, as the host's files show it.</summary>
/// <remarks>Thread safety: immutable.</remarks>
public sealed record StartHookStatus
{
    /// <summary>Gets the path of the hook on the host, also if it is not installed.</summary>
    public required string File { get; init; }

    /// <summary>Gets whether the hook has an effect.</summary>
    public required StartHookState State { get; init; }

    /// <summary>Gets why the state is what it is, in a few words.</summary>
    public required string Reason { get; init; }

    /// <summary>Gets the options of the installed hook; null if no hook is installed, or its options cannot be read.</summary>
    public StartHookOptions? Options { get; init; }

    /// <summary>Gets whether the file was edited after this library had written it.</summary>
    public bool IsEdited { get; init; }
}
