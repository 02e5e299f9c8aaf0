using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.Persistence;

/// <summary>The exception that is thrown when something cannot be configured for every boot, or its file cannot be written or removed.</summary>
/// <remarks>Thread safety: immutable.</remarks>
public sealed class PersistenceException : PassthroughException
{
    /// <summary>Creates an exception with the default message.</summary>
    public PersistenceException()
    {
    }

    /// <summary>Creates an exception with a message.</summary>
    /// <param name="message">A sentence that names the object, the reason, and what to do.</param>
    public PersistenceException(string message)
        : base(message)
    {
    }

    /// <summary>Creates an exception with a message and the exception that caused it.</summary>
    /// <param name="message">A sentence that names the object, the reason, and what to do.</param>
    /// <param name="innerException">The exception that caused it; null for none.</param>
    public PersistenceException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}
