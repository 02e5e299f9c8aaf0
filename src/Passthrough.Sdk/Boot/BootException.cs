using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.Boot;

/// <summary>The boot configuration could not be read, planned, changed or restored.</summary>
/// <remarks>Thread safety: immutable.</remarks>
public class BootException : PassthroughException
{
    /// <summary>Creates an error without a message of its own.</summary>
    public BootException()
    {
    }

    /// <summary>Creates an error.</summary>
    /// <param name="message">What is wrong with which thing, why, and the way out.</param>
    public BootException(string message)
        : base(message)
    {
    }

    /// <summary>Creates an error with the error that led to it.</summary>
    /// <param name="message">What is wrong with which thing, why, and the way out.</param>
    /// <param name="innerException">The error underneath; null when there is none.</param>
    public BootException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}
