using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Plans;
using Passthrough.Sdk.Plans.Changes;
using Passthrough.Sdk.Sysfs;
using Passthrough.Sdk.Tests.Host;

namespace Passthrough.Sdk.Tests.Plans;

/// <summary>A program that a step runs: its exit code, what it said, and a program that is missing or does not end.</summary>
public sealed class HostCommandTests
{
    [Theory]
    [InlineData("echo out; printf ' no such\\nmodule \\n' >&2; exit 3", 3, "no such module")]
    [InlineData("echo out; exit 4", 4, "sh ended with exit code 4")]
    [InlineData("cat", 0, "sh ended with exit code 0")] // the input is at its end
    public async Task What_a_program_says_is_one_line_and_its_exit_code_where_it_says_nothing(string script, int code, string said) =>
        Assert.Equal((code, said), await Run("sh", "-c", script));

    [Fact]
    public async Task A_program_that_says_much_does_not_block() =>
        Assert.Equal((0, "sh ended with exit code 0"), await Run("sh", "-c", "head -c 300000 /dev/zero"));

    [Fact]
    public async Task A_program_that_is_missing_is_named_with_its_package()
    {
        var error = await Assert.ThrowsAsync<PassthroughException>(() => Run("passthrough-no-such-program"));
        Assert.StartsWith("cannot run passthrough-no-such-program: ", error.Message, StringComparison.Ordinal);
        Assert.EndsWith("; install kmod", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_program_that_does_not_end_in_time_is_named_with_its_arguments()
    {
        var error = await Assert.ThrowsAsync<PassthroughException>(() => HostCommand.RunAsync(With(TimeSpan.Zero), "kmod", "sleep", "1"));
        Assert.Equal("sleep 1 did not end within 0 s and is still running; see the kernel log", error.Message);
        Assert.IsType<TimeoutException>(error.InnerException);
    }

    private static ChangeContext With(TimeSpan timeout) =>
        new(new AwaitedSysfs(new MemorySysfs()), "/", RunsCommands: true, _ => [], new PlanOptions { DriverTimeout = timeout }, TimeProvider.System);

    private static Task<(int Code, string Said)> Run(string program, params string[] arguments) =>
        HostCommand.RunAsync(With(TimeSpan.FromMinutes(1)), "kmod", program, arguments);
}
