using System.Collections;
using System.Collections.Immutable;

namespace Passthrough.Sdk.Readiness;

/// <summary>
/// What stands between a host and a passed-through device, ordered by cause: what explains the rest comes first, and
/// what it explains is folded under it (<see cref="Finding.Consequences"/>).
/// </summary>
/// <remarks>Thread safety: immutable.</remarks>
public sealed class ReadinessReport : IReadOnlyList<Finding>
{
    private readonly ImmutableArray<Finding> _findings;

    internal ReadinessReport(ImmutableArray<Finding> findings) => _findings = findings;

    /// <summary>Whether nothing found is an error. What could not be determined is no error: look at <see cref="Finding.IsUndetermined"/>.</summary>
    public bool IsReady => !_findings.Any(finding => finding.Severity == FindingSeverity.Error);

    /// <summary>How many findings there are, those folded under another not counted.</summary>
    public int Count => _findings.Length;

    /// <summary>The finding at a place in the order of causes.</summary>
    /// <param name="index">From 0.</param>
    public Finding this[int index] => _findings[index];

    /// <inheritdoc/>
    public IEnumerator<Finding> GetEnumerator() => ((IEnumerable<Finding>)_findings).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
