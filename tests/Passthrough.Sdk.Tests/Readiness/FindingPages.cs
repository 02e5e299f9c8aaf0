using System.Text;
using Passthrough.Sdk.Readiness;

namespace Passthrough.Sdk.Tests.Readiness;

/// <summary>The pages of docs about findings, made of the catalog: docs/findings.md and one a finding in docs/findings.</summary>
internal static class FindingPages
{
    private const int Width = 120;

    private static readonly (string Title, string[] Areas)[] Chapters =
    [
        ("The host", ["iommu", "interrupt-remapping", "vfio", "kernel", "cpu", "memory", "qemu", "libvirt"]),
        ("A device and its group", ["device", "group"]),
        ("Xen", ["xen"]),
        ("A domain", ["domain"]),
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
        Paragraph(page, $"{SeverityOf(finding)}: {Escape(finding.Title)}.");
        Chapter(page, "What it means", finding.Meaning);
        Chapter(page, "How it is told", finding.Detection);
        Chapter(page, "What mends it", finding.Remedy);
        page.Append("\n[All findings](../findings.md)\n");
        return page.ToString();
    }

    private static string Index()
    {
        var page = new StringBuilder("# Findings\n\n");
        Paragraph(page,
            "What `passthrough doctor`, `show`, `groups`, `plan`, `explain` and `snapshot.CheckReadiness()` can say. An id never changes its "
            + "meaning. Every finding carries the facts it rests on and a remedy for this host; what could not be read is said as unknown, with "
            + "the reason, and is never an error. In a program `FindingCatalog.Find(id)` has the same text.");
        page.Append('\n');
        Paragraph(page,
            "The root cause comes first, and what it explains is folded under it: a machine with VT-d off in its firmware has one error. In "
            + "JSON a consequence follows its cause. The severity below is that of an established finding; one on a host may be milder.");
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
