using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.Plans;

/// <summary>The exception that is thrown when the host or the domain has changed since the plan was made. Nothing was changed.</summary>
/// <remarks>Thread safety: immutable.</remarks>
public sealed class StalePlanException : PassthroughException
{
    /// <summary>Creates the exception, for the tests of a program that handles it.</summary>
    /// <param name="message">What has changed since the plan was made.</param>
    public StalePlanException(string message)
        : base(message)
    {
    }
}
