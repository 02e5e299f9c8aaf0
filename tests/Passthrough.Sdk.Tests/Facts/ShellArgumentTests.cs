using System.Diagnostics;
using Passthrough.Sdk.Facts;

namespace Passthrough.Tests.Facts;

/// <summary>Names in commands that an administrator copies into a shell: no name is a command.</summary>
public sealed class ShellArgumentTests
{
    [Theory]
    [InlineData("enp1s0f0")]
    [InlineData("eth0.5@eth0")]
    [InlineData("/run/user/0/gvfs,a=b")]
    public void A_name_that_means_nothing_to_a_shell_stays(string name) => Assert.Equal(name, ShellArgument.Of(name));

    [Theory]
    [InlineData("a b;id")]
    [InlineData("$(id>x);a")]
    [InlineData("it's `id`")]
    [InlineData("a\\b\"c\"*?~#")]
    [InlineData("\u001b[2J'\\\n\u0007")]
    [InlineData("")]
    [InlineData("größe")]
    public async Task A_shell_reads_the_name_that_was_written(string name)
    {
        using var bash = Process.Start(new ProcessStartInfo("bash", ["-c", $"printf '%s.' {ShellArgument.Of(name)}"]) { RedirectStandardOutput = true })!;
        Assert.Equal(name + ".", await bash.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken));
        Assert.DoesNotContain(ShellArgument.Of(name), char.IsControl);
    }
}
