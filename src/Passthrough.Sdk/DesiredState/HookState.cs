using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.DesiredState;

/// <summary>The hook through which libvirt asks the guards before a domain starts.</summary>
/// <remarks>Thread safety: immutable.</remarks>
public sealed record HookState
{
    /// <summary>
    /// Gets the program that answers, and its arguments (<see cref="Starts.StartHookOptions.Command"/>). Empty in a document that leaves it to the
    /// program that applies it, which must then fill it in; not used with <see cref="IsAbsent"/>.
    /// </summary>
    public ValueList<string> Command { get; init; } = [];

    /// <summary>Gets whether a domain with devices of the host starts although the program failed.</summary>
    public bool AllowsOnFailure { get; init; }

    /// <summary>Gets whether the hook is not installed.</summary>
    public bool IsAbsent { get; init; }
}
