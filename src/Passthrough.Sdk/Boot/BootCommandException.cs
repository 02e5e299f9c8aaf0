namespace Passthrough.Sdk.Boot;

/// <summary>The files are written, but a command that has to follow failed.</summary>
/// <remarks>Thread safety: immutable.</remarks>
public sealed class BootCommandException : BootException
{
    internal BootCommandException(BootReceipt receipt, BootCommand command, string reason)
        : base($"{command}: {reason} - the files are written; mend it and run the command again, or revert.")
    {
        Receipt = receipt;
        Command = command;
        Reason = reason;
    }

    /// <summary>What was done until then; it can be reverted.</summary>
    public BootReceipt Receipt { get; }

    /// <summary>The command that failed.</summary>
    public BootCommand Command { get; }

    /// <summary>Its exit code and what it said, or why it could not be started.</summary>
    public string Reason { get; }
}
