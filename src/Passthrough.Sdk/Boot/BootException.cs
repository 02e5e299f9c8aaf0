using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.Boot;

/// <summary>The exception that is thrown when the boot configuration cannot be read, planned, changed or restored.</summary>
/// <remarks>Thread safety: immutable.</remarks>
public class BootException : PassthroughException
{
    /// <summary>Creates an exception with the default message.</summary>
    public BootException()
    {
    }

    /// <summary>Creates an exception with a message.</summary>
    /// <param name="message">A sentence that names the object, the reason, and what to do.</param>
    public BootException(string message)
        : base(message)
    {
    }

    /// <summary>Creates an exception with a message and the exception that caused it.</summary>
    /// <param name="message">A sentence that names the object, the reason, and what to do.</param>
    /// <param name="innerException">The exception that caused it; null for none.</param>
    public BootException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}
