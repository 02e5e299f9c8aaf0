using System.Text.RegularExpressions;

namespace Passthrough.Sdk.Tests;

/// <summary>A program in the documents that says where it comes from is the compiled one, to the letter.</summary>
public sealed partial class SnippetTests
{
    [Theory]
    [InlineData("README.md", 1)]
    [InlineData("docs/extensions.md", 5)]
    [InlineData("docs/virtual-host.md", 1)]
    public void A_snippet_is_the_file_that_it_names(string document, int count)
    {
        var snippets = Snippet().Matches(File.ReadAllText(Repository.PathOf(document)));

        Assert.Equal(count, snippets.Count);
        Assert.All(snippets, snippet => Assert.Equal(File.ReadAllText(Repository.PathOf(snippet.Groups["file"].Value)), snippet.Groups["text"].Value));
    }

    [GeneratedRegex("<!-- snippet: (?<file>\\S+) -->\n```csharp\n(?<text>.*?)```\n<!-- end of snippet -->", RegexOptions.Singleline)]
    private static partial Regex Snippet();
}
