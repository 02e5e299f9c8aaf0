namespace Passthrough.Sdk.PackageTests;

/// <summary>The analyzers that come with the package warn a program outside of this checkout.</summary>
public sealed class AnalyzerTests(Packages packages)
{
    [Fact]
    public async Task A_program_with_mistakes_is_warned_when_it_is_built()
    {
        var output = await packages.Build("Mistakes", "-p:DefineConstants=MISTAKES", "--no-incremental");

        Assert.Contains("warning PTS0001: The plan that 'Plan' returns is never applied or inspected", output, StringComparison.Ordinal);
        Assert.Contains("warning PTS0002: The ILibvirtDomain from 'GetDomain' is never disposed of", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_program_without_mistakes_is_built_without_warnings()
    {
        var output = await packages.Build("Mistakes", "--no-incremental", "-warnaserror");

        Assert.DoesNotContain("warning", output, StringComparison.Ordinal);
    }
}
