namespace Passthrough.Sdk.Facts;

/// <summary>
/// The base of every error this library reports about a host, a device or a domain. The message is one sentence
/// that names the thing, the reason and the way out.
/// </summary>
/// <remarks>
/// Misuse of the API itself (a null argument, a text that is no PCI address) is reported with .NET's own exceptions
/// (<see cref="ArgumentException"/>, <see cref="FormatException"/>). Thread safety: immutable.
/// </remarks>
public class PassthroughException : Exception
{
    /// <summary>Creates an error without a message of its own.</summary>
    public PassthroughException()
    {
    }

    /// <summary>Creates an error.</summary>
    /// <param name="message">What is wrong with which thing, why, and the way out.</param>
    public PassthroughException(string message)
        : base(message)
    {
    }

    /// <summary>Creates an error with the error that led to it.</summary>
    /// <param name="message">What is wrong with which thing, why, and the way out.</param>
    /// <param name="innerException">The error underneath; null when there is none.</param>
    public PassthroughException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}
