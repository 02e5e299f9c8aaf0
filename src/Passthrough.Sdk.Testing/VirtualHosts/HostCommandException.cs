using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.Testing;

/// <summary>The exception that is thrown when a command in a <see cref="VirtualHost"/> exceeds its time or, on request, fails.</summary>
/// <remarks>The host takes further commands. Thread safety: immutable.</remarks>
public sealed class HostCommandException : PassthroughException
{
    internal HostCommandException(string message, CommandResult result, bool isTimeout = false)
        : base(ResultText.With(message, result.Output, result.Errors)) => (Result, IsTimeout) = (result, isTimeout);

    /// <summary>Gets what the command wrote until it ended or was killed, and its exit code.</summary>
    public CommandResult Result { get; }

    /// <summary>Gets whether the command was killed because it exceeded its time.</summary>
    public bool IsTimeout { get; }
}
