using System.Collections.Immutable;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Readiness;

namespace Passthrough.Sdk.Explain;

/// <summary>Why an error came about.</summary>
/// <remarks>Thread safety: immutable.</remarks>
public sealed record Explanation
{
    /// <summary>Whether the error was recognised. If not, <see cref="Findings"/> is empty.</summary>
    public bool IsRecognised => !Findings.IsEmpty;

    /// <summary>
    /// The causes, the root cause first; what a cause explains is folded under it. Where the facts of the host do not
    /// decide, every cause that can be behind the error is there as <see cref="Finding.IsUndetermined"/>, the likeliest first.
    /// </summary>
    public ImmutableArray<Finding> Findings { get; init; } = [];

    /// <summary>The root cause, or the likeliest; null when the error was not recognised.</summary>
    public Finding? Cause => Findings is [var first, ..] ? first : null;

    /// <summary>The message that counts: the first of a chain, without what stands in front of it. Null where none was recognised.</summary>
    public string? Message { get; init; }

    /// <summary>The devices in question: those given, or those that the error, its log or the domain's XML name.</summary>
    public ImmutableArray<PciAddress> Devices { get; init; } = [];

    /// <summary>The cause in one line, <c>message</c> when the error was not recognised.</summary>
    public override string ToString() => Cause?.ToString() ?? Message ?? "not recognised";
}
