using System.Collections;
using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.Readiness;

/// <summary>
/// The findings that prevent or affect passthrough on a host, ordered by cause: root causes come first, with their consequences
/// below them (<see cref="Finding.Consequences"/>).
/// </summary>
/// <remarks>Thread safety: immutable.</remarks>
public sealed class ReadinessReport : IReadOnlyList<Finding>
{
    private readonly ValueList<Finding> _findings;

    /// <summary>Creates a report, for the tests of a program that reads one.</summary>
    /// <param name="findings">The findings, the root causes first.</param>
    public ReadinessReport(IEnumerable<Finding> findings)
    {
        ArgumentNullException.ThrowIfNull(findings);
        _findings = [.. findings];
    }

    /// <summary>
    /// Gets whether passthrough is ready: false if a finding is an error; null if no finding is an error but one that is
    /// <see cref="Finding.IsUndetermined"/> could be (<see cref="Finding.PossibleSeverity"/>); true otherwise. Undetermined findings that
    /// could at most be a warning do not affect it.
    /// </summary>
    /// <remarks>
    /// Only facts that the capture included count: open handles (<see cref="Host.CaptureOptions.OpenHandles"/>) and the state of a device
    /// (<see cref="Host.CaptureOptions.DetailsOf"/>) count if they were read, or could not be read.
    /// </remarks>
    public bool? IsReady
    {
        get
        {
            if (_findings.Any(finding => finding.Severity == FindingSeverity.Error))
            {
                return false;
            }

            return _findings.Any(CouldBeError) || _findings.Any(finding => finding.Consequences.Any(CouldBeError)) ? null : true;
        }
    }

    /// <summary>Gets the number of findings, without those listed below another.</summary>
    public int Count => _findings.Count;

    /// <summary>Gets the finding at a position in the order of causes.</summary>
    /// <param name="index">The position, from 0.</param>
    public Finding this[int index] => _findings[index];

    /// <inheritdoc/>
    public IEnumerator<Finding> GetEnumerator() => ((IEnumerable<Finding>)_findings).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private static bool CouldBeError(Finding finding) => finding is { IsUndetermined: true, PossibleSeverity: FindingSeverity.Error };
}
