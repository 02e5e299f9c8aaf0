using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.Assignment;

/// <summary>The exception that is thrown when a request for an assignment or a release cannot be planned. Nothing was changed.</summary>
/// <remarks>Thread safety: immutable.</remarks>
public sealed class AssignmentException : PassthroughException
{
    internal AssignmentException(string domain, string message, Exception? innerException = null)
        : base(message, innerException)
    {
        Domain = domain;
    }

    /// <summary>Gets the domain's name.</summary>
    public string Domain { get; }
}
