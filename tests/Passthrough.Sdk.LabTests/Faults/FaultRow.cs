using Passthrough.Sdk.Explain;
using Passthrough.Sdk.Readiness;

namespace Passthrough.LabTests.Faults;

/// <summary>What came of a fault: a row of the table. What was found is in it, not what was expected.</summary>
internal sealed class FaultRow
{
    // The lab's processors are emulated and show no virtualisation: every host of it, healthy or not, is warned of that.
    private const string OfTheLab = FindingIds.CpuVirtualizationMissing;

    private readonly Fault _fault;

    /// <param name="fault">The fault.</param>
    /// <param name="report">What the doctor says before the attempt.</param>
    /// <param name="error">What the attempt came to; null: no error.</param>
    /// <param name="after">What explains the error.</param>
    public FaultRow(Fault fault, ReadinessReport report, PassthroughError? error, Explanation? after)
    {
        (_fault, Error, After) = (fault, error, after);

        Before = report.FirstOrDefault(finding => finding is { IsUndetermined: false } && finding.Id != OfTheLab);
    }

    /// <summary>The finding that comes first, before the attempt; null: none. What every host of the lab has does not count.</summary>
    public Finding? Before { get; }

    /// <summary>The answer to the attempt; null: no error.</summary>
    public PassthroughError? Error { get; }

    /// <summary>What explains the answer.</summary>
    public Explanation? After { get; }

    /// <summary>Adds the row to those of this host, where <c>eng/test lab</c> picks them up.</summary>
    public void Write() => File.AppendAllText("/out/faults.md", $"{this}\n");

    /// <summary>The row as it stands in docs/faults.md.</summary>
    public override string ToString() => $"| {string.Join(" | ", new[] { _fault.Name, Cell(Before), Answer, Reason }.Select(Escape))} |";

    // The part that was expected, if it is in it: times and numbers of processes are of no use to the reader.
    private string Answer =>
        !_fault.IsTried ? "not tried"
        : Error is null ? "no error"
        : _fault.IsSaid(Error.Text) ? $"`{_fault.Says!.Replace("|", "` or `", StringComparison.Ordinal)}`"
        : $"`{Error.Text.ReplaceLineEndings(" ")}`";

    private string Reason => After is null ? "" : After.IsRecognised ? Cell(After.Cause) : "not recognised";

    private static string Escape(string cell) => cell.Replace("|", "\\|", StringComparison.Ordinal);

    private static string Cell(Finding? finding) => finding switch
    {
        null => "nothing",
        { IsUndetermined: true } => $"`{finding.Id}`?",
        { Severity: FindingSeverity.Error } => $"`{finding.Id}`",
        { Severity: FindingSeverity.Warning } => $"`{finding.Id}` (warning)",
        _ => $"`{finding.Id}` (for information)",
    };
}
