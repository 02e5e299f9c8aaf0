using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.DesiredState;

/// <summary>The exception that is thrown when a desired state cannot be read, or contradicts itself.</summary>
/// <remarks>Thread safety: immutable.</remarks>
public sealed class HostStateException : PassthroughException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="path">The place in the document: <c>$.devices[1].select.vendor</c>.</param>
    /// <param name="value">The value there, as JSON; null if it is missing.</param>
    /// <param name="reason">What is wrong with it, and what to do.</param>
    /// <param name="innerException">The exception that caused it; null for none.</param>
    public HostStateException(string path, string? value, string reason, Exception? innerException = null)
        : base($"{path}: {reason}", innerException)
    {
        Path = path;
        Value = value;
    }

    /// <summary>Gets the place in the document: <c>$.devices[1].select.vendor</c>; <c>$</c> is the whole document.</summary>
    public string Path { get; }

    /// <summary>Gets the value at that place, as JSON; null if it is missing.</summary>
    public string? Value { get; }
}
