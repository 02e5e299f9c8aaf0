using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Readiness;

namespace Passthrough.Sdk.Explain;

/// <summary>Explains why an error occurred.</summary>
/// <remarks>Thread safety: immutable.</remarks>
public sealed record Explanation
{
    /// <summary>Gets whether the error was recognised. If not, <see cref="Findings"/> is empty.</summary>
    public bool IsRecognised => !Findings.IsEmpty;

    /// <summary>
    /// Gets the causes, the root cause first, with their consequences below them. If the facts of the host do not
    /// decide, every possible cause is included as <see cref="Finding.IsUndetermined"/>, the most likely one first.
    /// </summary>
    public ValueList<Finding> Findings { get; init; } = [];

    /// <summary>Gets the root cause, or the most likely one; null if the error was not recognised.</summary>
    public Finding? Cause => Findings is [var first, ..] ? first : null;

    /// <summary>Gets the message that counts: the first of a chain, without its prefixes. Null if none was recognised.</summary>
    public string? Message { get; init; }

    /// <summary>Gets the affected devices: those of the caller, or those that the error, its log or the domain's XML names.</summary>
    public ValueList<PciAddress> Devices { get; init; } = [];

    /// <summary>Returns the cause in one line, or <c>not recognised</c> if the error was not recognised.</summary>
    public override string ToString() => Cause?.ToString() ?? Message ?? "not recognised";
}
