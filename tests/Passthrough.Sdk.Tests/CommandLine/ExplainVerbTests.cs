using System.Text.Json;
using Passthrough.Sdk.Testing;

namespace Passthrough.Sdk.Tests.CommandLine;

/// <summary>What <c>passthrough explain</c> promises to scripts.</summary>
public sealed class ExplainVerbTests : IDisposable
{
    private readonly FakeHost _host = Passthrough.Sdk.Tests.Explain.Hosts.Healthy();

    public void Dispose() => _host.Dispose();

    [Fact]
    public async Task It_prints_an_object_with_the_root_cause_first()
    {
        var run = await CommandLineRun.Of("explain", "--root", _host.Root, "--json", "vfio 0000:04:01.0: group 11 is not viable");
        Assert.Equal((0, ""), (run.ExitCode, run.Errors));
        using var json = JsonDocument.Parse(run.Output);
        Assert.Equal(["recognised", "findings"], json.RootElement.EnumerateObject().Select(property => property.Name));
        Assert.True(json.RootElement.GetProperty("recognised").GetBoolean());
        var first = json.RootElement.GetProperty("findings")[0];
        Assert.Equal(["id", "severity", "title", "evidence", "remedy", "devices"], first.EnumerateObject().Select(property => property.Name));
        Assert.Equal("group.not-viable", first.GetProperty("id").GetString());
    }

    [Fact]
    public async Task What_is_not_recognised_is_exit_code_1()
    {
        var run = await CommandLineRun.Of("explain", "--root", _host.Root, "--json", "hello, world");
        Assert.Equal((1, ""), (run.ExitCode, run.Errors));
        using var json = JsonDocument.Parse(run.Output);
        Assert.False(json.RootElement.GetProperty("recognised").GetBoolean());
        Assert.Equal(0, json.RootElement.GetProperty("findings").GetArrayLength());
    }

    [Fact]
    public async Task A_name_cannot_control_the_terminal()
    {
        using var host = FakeHost.Create().AddPciDevice("0000:01:00.0", vendor: 0x8086, device: 0x10d3, driver: "a\u001b[2Jb\u009b");

        var run = await CommandLineRun.Of("list", "--root", host.Root);

        Assert.Contains(@"a\x1b[2Jb\x9b", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(run.Output, letter => char.IsControl(letter) && letter != '\n');
    }

    [Fact]
    public async Task A_number_of_libvirt_decides_where_the_text_is_translated()
    {
        var run = await CommandLineRun.Of("explain", "--root", _host.Root, "--json", "--code", "42", "Domain wurde nicht gefunden");
        using var json = JsonDocument.Parse(run.Output);
        Assert.Equal("domain.not-found", json.RootElement.GetProperty("findings")[0].GetProperty("id").GetString());
    }

    [Fact]
    public async Task A_device_that_is_named_counts()
    {
        var run = await CommandLineRun.Of("explain", "--root", _host.Root, "--json", "--device", "0000:04:01.0", "error: internal error: process exited while connecting to monitor");
        using var json = JsonDocument.Parse(run.Output);
        Assert.Equal("group.not-viable", json.RootElement.GetProperty("findings")[0].GetProperty("id").GetString());
    }

    [Fact]
    public async Task A_dash_reads_stdin()
    {
        var run = await CommandLineRun.Piped("error: Failed to start domain 'vm1'\nerror: vfio 0000:04:01.0: group 11 is not viable\n", "explain", "--root", _host.Root, "-");
        Assert.Equal(0, run.ExitCode);
        Assert.StartsWith("error: ", run.Output, StringComparison.Ordinal);
        Assert.Contains("[group.not-viable]", run.Output, StringComparison.Ordinal);
        Assert.Contains("remedy: ", run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("explain")]
    [InlineData("explain", "text", "--device", "nonsense")]
    [InlineData("explain", "text", "--code", "many")]
    public async Task Bad_usage_is_exit_code_2(params string[] arguments)
    {
        var run = await CommandLineRun.Of(arguments);
        Assert.Equal((2, ""), (run.ExitCode, run.Output));
        Assert.Equal(1, run.Errors.Count(c => c == '\n'));
    }

    [Fact]
    public async Task A_root_that_is_not_there_is_exit_code_3() =>
        Assert.Equal(3, (await CommandLineRun.Of("explain", "--root", "/no/such/root", "text")).ExitCode);
}
