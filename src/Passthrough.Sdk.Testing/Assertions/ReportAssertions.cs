using System.Runtime.CompilerServices;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Readiness;

namespace Passthrough.Sdk.Testing;

/// <summary>Assertions about reports of readiness, for every test framework.</summary>
/// <remarks>Each returns the report, so that several can follow each other. Thread safety: all members may be called from several threads at the same time.</remarks>
/// <example>
/// <code>
/// host.CheckDevice("0000:01:00.0").ShouldBeReady();
/// host.CheckDevice("0000:02:00.0").ShouldFind(FindingIds.DeviceHoldsMountedFileSystem, on: "0000:02:00.0").ShouldNotFind(FindingIds.GroupNotViable);
/// </code>
/// </example>
public static class ReportAssertions
{
    /// <summary>Checks that passthrough is ready: no finding is an error, and no undetermined finding could be.</summary>
    /// <param name="report">The report.</param>
    /// <param name="expression">The source text of the report, which the compiler passes.</param>
    /// <exception cref="PassthroughAssertionException">It is not ready, or it cannot be determined.</exception>
    public static ReadinessReport ShouldBeReady(this ReadinessReport report, [CallerArgumentExpression(nameof(report))] string? expression = null)
    {
        ArgumentNullException.ThrowIfNull(report);
        return report.IsReady == true ? report : throw Failed(report, expression, report.IsReady is null ? "should be ready, but that cannot be determined." : "should be ready, but it is not.");
    }

    /// <summary>Checks that passthrough is not ready: at least one finding is an error. A report that is undetermined fails.</summary>
    /// <param name="report">The report.</param>
    /// <param name="expression">The source text of the report, which the compiler passes.</param>
    /// <exception cref="PassthroughAssertionException">It is ready, or it cannot be determined.</exception>
    public static ReadinessReport ShouldNotBeReady(this ReadinessReport report, [CallerArgumentExpression(nameof(report))] string? expression = null)
    {
        ArgumentNullException.ThrowIfNull(report);
        return report.IsReady == false ? report : throw Failed(report, expression, report.IsReady is null ? "should not be ready, but that cannot be determined." : "should not be ready, but it is.");
    }

    /// <summary>Checks that a report has a finding whose facts were sufficient, at the top or among the consequences of another one.</summary>
    /// <param name="report">The report.</param>
    /// <param name="id">The id, one of <see cref="FindingIds"/>.</param>
    /// <param name="on">The address of a function that the finding concerns; the domain may be left out. Null for any, and for findings about the host.</param>
    /// <param name="expression">The source text of the report, which the compiler passes.</param>
    /// <exception cref="FormatException">The address is invalid.</exception>
    /// <exception cref="PassthroughAssertionException">It has no such finding, or the finding is undetermined.</exception>
    public static ReadinessReport ShouldFind(this ReadinessReport report, string id, string? on = null, [CallerArgumentExpression(nameof(report))] string? expression = null)
    {
        ArgumentNullException.ThrowIfNull(report);
        var found = Find(report, id, on);
        return found.Any(finding => !finding.IsUndetermined)
            ? report
            : throw Failed(report, expression, $"should have the finding {id}{On(on)}, but {(found.Count > 0 ? "that is undetermined" : "it does not")}.");
    }

    /// <summary>Checks that a report does not have a finding, neither at the top nor among the consequences of another one. An undetermined finding counts, because it may be true.</summary>
    /// <param name="report">The report.</param>
    /// <param name="id">The id, one of <see cref="FindingIds"/>.</param>
    /// <param name="on">The address of a function that the finding would concern; the domain may be left out. Null for any, and for findings about the host.</param>
    /// <param name="expression">The source text of the report, which the compiler passes.</param>
    /// <exception cref="FormatException">The address is invalid.</exception>
    /// <exception cref="PassthroughAssertionException">It has such a finding.</exception>
    public static ReadinessReport ShouldNotFind(this ReadinessReport report, string id, string? on = null, [CallerArgumentExpression(nameof(report))] string? expression = null)
    {
        ArgumentNullException.ThrowIfNull(report);
        var found = Find(report, id, on);
        return found.Count == 0
            ? report
            : throw Failed(report, expression, $"should not have the finding {id}{On(on)}, but {(found.All(finding => finding.IsUndetermined) ? "that is undetermined" : "it does")}.");
    }

    private static List<Finding> Find(ReadinessReport report, string id, string? on)
    {
        ArgumentException.ThrowIfNullOrEmpty(id);
        PciAddress? device = on is null ? null : PciAddress.Parse(on);
        return [.. report.SelectMany(All).Where(finding => finding.Id == id && (device is not { } address || finding.Devices.Contains(address)))];

        static IEnumerable<Finding> All(Finding finding) => finding.Consequences.SelectMany(All).Prepend(finding);
    }

    private static string On(string? on) => on is null ? "" : $" on {PciAddress.Parse(on)}";

    private static PassthroughAssertionException Failed(ReadinessReport report, string? expression, string text) =>
        new($"{AssertionText.Expression(expression)} {text}\n{AssertionText.Of(report)}");
}
