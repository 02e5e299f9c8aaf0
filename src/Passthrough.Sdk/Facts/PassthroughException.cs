namespace Passthrough.Sdk.Facts;

/// <summary>
/// The base class of the exceptions that this library throws about a host, a device or a domain. The message is one sentence that
/// names the object, the reason, and what to do.
/// </summary>
/// <remarks>
/// Misuse of the API (a null argument, a text that is not a PCI address) causes .NET's own exceptions
/// (<see cref="ArgumentException"/>, <see cref="FormatException"/>). Thread safety: immutable.
/// </remarks>
public class PassthroughException : Exception
{
    /// <summary>Creates an exception with the default message.</summary>
    public PassthroughException()
    {
    }

    /// <summary>Creates an exception with a message.</summary>
    /// <param name="message">A sentence that names the object, the reason, and what to do.</param>
    public PassthroughException(string message)
        : base(message)
    {
    }

    /// <summary>Creates an exception with a message and the exception that caused it.</summary>
    /// <param name="message">A sentence that names the object, the reason, and what to do.</param>
    /// <param name="innerException">The exception that caused it; null for none.</param>
    public PassthroughException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}
