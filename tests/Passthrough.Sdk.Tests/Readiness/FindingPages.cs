using System.Text;
using Passthrough.Sdk.Readiness;

namespace Passthrough.Sdk.Tests.Readiness;

/// <summary>Renders the documentation of findings from the catalog: docs/findings.md and one page for each finding in docs/findings.</summary>
internal static class FindingPages
{
    private const int Width = 120;

    private static readonly (string Title, string[] Areas)[] Chapters =
    [
        ("The host", ["host", "iommu", "interrupt-remapping", "vfio", "kernel", "cpu", "kvm", "memory", "qemu", "libvirt", "security"]),
        ("A device and its group", ["device", "group", "sriov", "mediated-device"]),
        ("What is configured for every boot", ["persistence"]),
        ("Xen", ["xen"]),
        ("A domain", ["domain"]),
        ("A plan", ["plan", "start-hook"]),
        ("A desired state", ["state"]),
    ];

    /// <summary>All pages by their path in the checkout.</summary>
    public static SortedDictionary<string, string> Render()
    {
        var pages = new SortedDictionary<string, string>(StringComparer.Ordinal) { ["docs/findings.md"] = Index() };
        foreach (var description in FindingCatalog.All)
        {
            pages[$"docs/findings/{description.Id}.md"] = Page(description);
        }

        return pages;
    }

    private static string Page(FindingDescription finding)
    {
        var page = new StringBuilder($"# {finding.Id}\n\n");
        page.Append("## Summary\n\n");
        Paragraph(page, $"{SeverityOf(finding)}: {Escape(finding.Title)}.");
        Chapter(page, "Cause", finding.Meaning);
        Chapter(page, "How it is detected", finding.Detection);
        Chapter(page, "How to fix it", finding.Remedy);
        page.Append("\n[All findings](../findings.md)\n");
        return page.ToString();
    }

    private static string Index()
    {
        var page = new StringBuilder("# Findings\n\n");
        Paragraph(page,
            "These are the findings that `passthrough doctor`, `show`, `groups`, `plan`, `explain` and `snapshot.CheckReadiness()` report. An id "
            + "never changes its meaning. Every finding contains the facts on which it is based and a remedy for this host. What could not be read "
            + "is reported as unknown, with the reason, and is never an error. In a program, `FindingCatalog.Find(id)` returns the same text.");
        page.Append('\n');
        Paragraph(page,
            "The verdict has three values. A host is not ready if a finding is an error. It is ready if no finding is an error and none could be. "
            + "Otherwise the result is undetermined: `IsReady` and the JSON `ready` are null, `doctor` prints `cannot tell` and exits with 1. "
            + "Whether an unknown fact matters depends on the severity that the finding would have (`Finding.PossibleSeverity`): an unknown fact "
            + "that could at most lead to a warning does not prevent a host from being ready.");
        page.Append('\n');
        Paragraph(page,
            "The root cause comes first, with its consequences below it: a machine whose firmware has VT-d switched off has one error. In JSON, a "
            + "consequence follows its cause. The table lists the severity of an established finding; on a host it may be lower.");
        foreach (var (title, areas) in Chapters)
        {
            page.Append($"\n## {title}\n\n| id | severity | what is wrong |\n|---|---|---|\n");
            foreach (var finding in areas.SelectMany(area => FindingCatalog.All.Where(finding => finding.Id.Split('.')[0] == area)))
            {
                page.Append($"| [`{finding.Id}`](findings/{finding.Id}.md) | {SeverityOf(finding).ToLowerInvariant()} | {Escape(finding.Title)} |\n");
            }
        }

        return page.ToString();
    }

    private static void Chapter(StringBuilder page, string title, string text)
    {
        page.Append($"\n## {title}\n\n");
        Paragraph(page, Escape(text));
    }

    private static void Paragraph(StringBuilder page, string text)
    {
        var length = 0;
        foreach (var word in text.Split(' '))
        {
            if (length > 0 && length + 1 + word.Length > Width)
            {
                page.Append('\n');
                length = 0;
            }

            page.Append(length > 0 ? " " : "").Append(word);
            length += word.Length + (length > 0 ? 1 : 0);
        }

        page.Append('\n');
    }

    private static string SeverityOf(FindingDescription finding) => finding.Severity switch
    {
        FindingSeverity.Error => "Error",
        FindingSeverity.Warning => "Warning",
        _ => "Information",
    };

    // A word at the beginning of a line could be taken for a list or a heading; none of these texts has one alone.
    private static string Escape(string text) => text
        .Replace("<", "\\<", StringComparison.Ordinal)
        .Replace("*", "\\*", StringComparison.Ordinal)
        .Replace("|", "\\|", StringComparison.Ordinal);
}
