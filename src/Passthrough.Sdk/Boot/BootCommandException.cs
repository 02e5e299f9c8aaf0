namespace Passthrough.Sdk.Boot;

/// <summary>A command that has to follow a change of the boot files failed.</summary>
/// <remarks>Thread safety: immutable.</remarks>
public sealed class BootCommandException : BootException
{
    internal BootCommandException(BootCommand command, string reason)
        : base($"{command}: {reason} - fix the cause, then make the plan again.")
    {
        Command = command;
        Reason = reason;
    }

    /// <summary>The command that failed.</summary>
    public BootCommand Command { get; }

    /// <summary>Its exit code and what it said, or why it could not be started.</summary>
    public string Reason { get; }

    /// <summary>Whether the program was started, so that it may have done something.</summary>
    internal bool IsStarted { get; init; } = true;
}
