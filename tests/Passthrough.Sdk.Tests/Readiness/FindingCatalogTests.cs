using System.Reflection;
using Passthrough.Sdk.Readiness;

namespace Passthrough.Sdk.Tests.Readiness;

/// <summary>Every id means something, and says so in the catalog and on a page of its own.</summary>
public sealed class FindingCatalogTests
{
    private const string Write = "PASSTHROUGH_WRITE_FINDING_PAGES";

    private static IEnumerable<string> Ids { get; } = typeof(FindingIds)
        .GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(field => (string)field.GetRawConstantValue()!);

    [Fact]
    public void Null_is_refused()
    {
        Assert.Throws<ArgumentNullException>(() => FindingCatalog.Find(null!));
        Assert.Throws<ArgumentNullException>(() => new ReadinessReport(null!));
    }

    [Fact]
    public void Every_id_has_one_description_and_every_description_an_id() =>
        Assert.Equal(Ids.Order(StringComparer.Ordinal), FindingCatalog.All.Select(description => description.Id).Order(StringComparer.Ordinal));

    [Fact]
    public void Every_description_says_all_it_is_asked_for() => Assert.All(FindingCatalog.All, description =>
    {
        Assert.DoesNotContain('\n', description.Title);
        Assert.False(description.Title.EndsWith('.'), description.Id);
        Assert.All((string[])[description.Meaning, description.Detection, description.Remedy], text => Assert.EndsWith(".", text, StringComparison.Ordinal));
    });

    [Fact]
    public void A_program_finds_a_description_by_its_id()
    {
        Assert.Equal(FindingSeverity.Error, FindingCatalog.Find(FindingIds.GroupNotViable)?.Severity);
        Assert.Null(FindingCatalog.Find("no.such-finding"));
    }

    [Fact]
    public void Every_finding_stands_in_the_index()
    {
        var index = FindingPages.Render()["docs/findings.md"];
        Assert.All(FindingCatalog.All, description => Assert.Contains($"(findings/{description.Id}.md)", index, StringComparison.Ordinal));
    }

    /// <summary>With the environment's PASSTHROUGH_WRITE_FINDING_PAGES=1, as eng/finding-pages sets it, the pages are written anew first.</summary>
    [Fact]
    public void The_pages_are_those_that_the_catalog_makes()
    {
        var pages = FindingPages.Render();
        if (Environment.GetEnvironmentVariable(Write) == "1")
        {
            Directory.CreateDirectory(Repository.PathOf("docs/findings"));
            foreach (var old in Directory.GetFiles(Repository.PathOf("docs/findings"), "*.md"))
            {
                File.Delete(old);
            }

            foreach (var (path, content) in pages)
            {
                File.WriteAllText(Repository.PathOf(path), content);
            }
        }

        var there = Directory.GetFiles(Repository.PathOf("docs/findings"), "*.md").Select(file => $"docs/findings/{Path.GetFileName(file)}").Append("docs/findings.md");
        Assert.Equal(pages.Keys, there.Order(StringComparer.Ordinal));
        Assert.All(pages, page => Assert.True(
            page.Value == File.ReadAllText(Repository.PathOf(page.Key)), $"{page.Key} is not what the catalog says; run eng/finding-pages"));
    }
}
