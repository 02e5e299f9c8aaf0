using Passthrough.Sdk.Tests.Boot;

namespace Passthrough.Sdk.Tests.CommandLine;

/// <summary><c>passthrough apply</c> with plans of boot files, which need neither root nor libvirt.</summary>
public sealed class ApplyVerbTests
{
    private const string Grub = "/etc/default/grub";

    [Fact]
    public async Task A_boot_plan_is_saved_reviewed_and_applied_by_another_process()
    {
        using var tree = Distributions.Make("debian");
        var before = tree[Grub];
        var plan = await CommandLineRun.Of("boot", "plan", "--add", "intel_iommu=on", "--root", tree.Root, "--json");
        Assert.Equal((0, ""), (plan.ExitCode, plan.Errors));
        var file = Path.Combine(tree.Root, "plan.json");
        await File.WriteAllTextAsync(file, plan.Output, TestContext.Current.CancellationToken);

        var dry = await CommandLineRun.Of("apply", file, "--root", tree.Root, "--dry-run");
        Assert.Equal((0, before), (dry.ExitCode, tree[Grub]));
        Assert.Contains("intel_iommu=on", dry.Output, StringComparison.Ordinal);

        var applied = await CommandLineRun.Piped(plan.Output, "apply", "-", "--root", tree.Root, "--yes");
        Assert.Equal((0, ""), (applied.ExitCode, applied.Errors));
        Assert.Contains("intel_iommu=on", tree[Grub], StringComparison.Ordinal);

        var again = await CommandLineRun.Of("apply", file, "--root", tree.Root, "--yes");
        Assert.Equal(1, again.ExitCode);
        Assert.Contains("no longer what was reviewed", again.Errors, StringComparison.Ordinal);
        Assert.Equal(0, (await CommandLineRun.Of("boot", "revert", "--root", tree.Root)).ExitCode);
        Assert.Equal(before, tree[Grub]);
    }

    [Fact]
    public async Task What_is_no_plan_fails_in_one_line_and_stdin_needs_yes()
    {
        var damaged = await CommandLineRun.Piped("{}", "apply", "-", "--yes");
        Assert.Equal((3, 1), (damaged.ExitCode, damaged.Errors.Count(c => c == '\n')));
        Assert.Equal(2, (await CommandLineRun.Of("apply", "-")).ExitCode);
        Assert.Equal(2, (await CommandLineRun.Of("release", "0000:01:00.0", "--domain", "vm1", "--json")).ExitCode);
    }

    [Theory]
    [InlineData("--alias", "nic", "use ua-nic")]
    [InlineData("--rom", "card.rom", "absolute path")]
    [InlineData("--spare-ports", "-1", "0 or more")]
    [InlineData("--guest-address", "05:00", "05:00")]
    [InlineData("--also", "vm2", "NAME=ADDRESS")]
    [InlineData("--also", "=0000:02:00.0", "NAME=ADDRESS")]
    [InlineData("--also", "vm2=nonsense", "is not a PCI address")]
    [InlineData("--also", "vm1=0000:02:00.0", "named twice")]
    public async Task A_wish_that_cannot_be_is_a_usage_error(string option, string value, string says)
    {
        foreach (var verb in new[] { "plan", "assign" })
        {
            var run = await CommandLineRun.Of(verb, "0000:01:00.0", "--domain", "vm1", $"{option}={value}");
            Assert.Equal(2, run.ExitCode);
            Assert.Contains(says, run.Errors, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task What_is_for_one_device_takes_one_device()
    {
        var run = await CommandLineRun.Of("plan", "0000:01:00.0", "0000:01:00.1", "--domain", "vm1", "--alias", "ua-gpu");
        Assert.Equal(2, run.ExitCode);
        Assert.Contains("take one device", run.Errors, StringComparison.Ordinal);

        var several = await CommandLineRun.Of("plan", "0000:01:00.0", "--domain", "vm1", "--also", "vm2=0000:01:00.1", "--alias", "ua-gpu");
        Assert.Equal(2, several.ExitCode);
        Assert.Contains("take one device", several.Errors, StringComparison.Ordinal);
    }
}
