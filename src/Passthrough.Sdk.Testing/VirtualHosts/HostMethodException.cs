using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.Testing;

/// <summary>
/// The exception that is thrown when a method of the test program that ran in a <see cref="VirtualHost"/> throws, or ends its process. The host
/// takes further commands.
/// </summary>
/// <remarks>
/// The original exception cannot cross the border between two processes. Its type, message and stack trace are texts here. Thread safety: immutable.
/// </remarks>
public sealed class HostMethodException : PassthroughException
{
    internal HostMethodException(string message, string output, string errors)
        : base(ResultText.With(message, output, errors)) => (Output, Errors) = (output, errors);

    /// <summary>Gets the full name of the exception's type, such as <c>System.IO.IOException</c>; null if the process ended without an exception.</summary>
    public string? OriginalType { get; internal init; }

    /// <summary>Gets the exception's message; null if the process ended without an exception.</summary>
    public string? OriginalMessage { get; internal init; }

    /// <summary>Gets the exception with its inner exceptions and stack traces as text; null if the process ended without an exception.</summary>
    public string? OriginalText { get; internal init; }

    /// <summary>Gets what the method wrote to the standard output.</summary>
    public string Output { get; }

    /// <summary>Gets what the method wrote to the standard error.</summary>
    public string Errors { get; }
}
