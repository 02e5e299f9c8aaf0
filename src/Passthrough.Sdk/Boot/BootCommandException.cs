namespace Passthrough.Sdk.Boot;

/// <summary>The exception that is thrown when a command that must follow a change of the boot files fails.</summary>
/// <remarks>Thread safety: immutable.</remarks>
public sealed class BootCommandException : BootException
{
    internal BootCommandException(BootCommand command, string reason)
        : base($"{command}: {reason} - fix the cause, then make the plan again.")
    {
        Command = command;
        Reason = reason;
    }

    /// <summary>Gets the command that failed.</summary>
    public BootCommand Command { get; }

    /// <summary>Gets its exit code and output, or why it could not be started.</summary>
    public string Reason { get; }

    /// <summary>Gets whether the program was started and may therefore have changed something.</summary>
    internal bool IsStarted { get; init; } = true;
}
