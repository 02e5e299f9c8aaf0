
using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.Plans;

/// <summary>The host or the domain changed between the making of a plan and its application. Nothing was changed.</summary>
/// <remarks>Thread safety: immutable.</remarks>
public sealed class StalePlanException : PassthroughException
{
    internal StalePlanException(string message)
        : base(message)
    {
    }
}
