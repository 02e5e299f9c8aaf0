using System.Globalization;
using System.Text;
using Passthrough.Sdk.Readiness;

namespace Passthrough.Sdk.Testing;

/// <summary>How reports and findings are printed when an assertion fails.</summary>
internal static class AssertionText
{
    private const int MostOfExpression = 100;

    /// <summary>The source text of what was asserted about, in one line.</summary>
    public static string Expression(string? text)
    {
        var line = string.Join(' ', (text ?? "the report").Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return line.Length > MostOfExpression ? $"{line.AsSpan(0, MostOfExpression)}..." : line;
    }

    /// <summary>A report with everything that its findings say.</summary>
    public static string Of(ReadinessReport report)
    {
        var ready = report.IsReady switch { true => "ready", false => "not ready", null => "undetermined" };
        return $"The report is {ready}, and {Of(report, report.Count == 0 ? "has no findings" : report.Count == 1 ? "has 1 finding" : string.Create(CultureInfo.InvariantCulture, $"has {report.Count} findings"))}";
    }

    /// <summary>Findings below a heading.</summary>
    public static string Of(IReadOnlyCollection<Finding> findings, string heading)
    {
        var text = new StringBuilder(heading).Append(findings.Count == 0 ? "." : ":");
        foreach (var finding in findings)
        {
            Append(text, finding, "  ");
        }

        return text.ToString();
    }

    private static void Append(StringBuilder text, Finding finding, string indent)
    {
        text.Append(CultureInfo.InvariantCulture, $"\n{indent}{finding}");
        if (finding.IsUndetermined)
        {
            text.Append(CultureInfo.InvariantCulture, $", undetermined, would be {finding.PossibleSeverity.ToString().ToLowerInvariant()}");
        }

        if (!finding.Devices.IsEmpty)
        {
            text.Append(CultureInfo.InvariantCulture, $"\n{indent}  devices: {string.Join(", ", finding.Devices)}");
        }

        foreach (var evidence in finding.Evidence)
        {
            text.Append(CultureInfo.InvariantCulture, $"\n{indent}  evidence: {evidence.Source}: {evidence.Value}");
        }

        text.Append(CultureInfo.InvariantCulture, $"\n{indent}  remedy: {finding.Remedy}");
        foreach (var consequence in finding.Consequences)
        {
            text.Append(CultureInfo.InvariantCulture, $"\n{indent}  consequence:");
            Append(text, consequence, indent + "    ");
        }
    }
}
