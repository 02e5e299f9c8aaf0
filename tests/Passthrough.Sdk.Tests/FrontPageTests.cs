namespace Passthrough.Sdk.Tests;

/// <summary>The README's program is the compiled one, to the letter; a lab scenario runs it.</summary>
public sealed class FrontPageTests
{
    [Fact]
    public void The_program_in_the_README_is_the_sample_that_is_compiled_and_run()
    {
        var readme = File.ReadAllText(Repository.PathOf("README.md"));
        var start = readme.IndexOf("```csharp\n", StringComparison.Ordinal) + "```csharp\n".Length;
        Assert.Equal(
            File.ReadAllText(Repository.PathOf("samples/FrontPage/Program.cs")),
            readme[start..readme.IndexOf("```", start, StringComparison.Ordinal)]);
    }
}
