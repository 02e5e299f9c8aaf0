using System.Text.Json;
using Passthrough.Sdk.Testing;

namespace Passthrough.Sdk.Tests.CommandLine;

/// <summary>What <c>passthrough state</c> promises to scripts.</summary>
public sealed class StateVerbTests : IDisposable
{
    private const string Document = """{ "version": 1, "devices": [ { "select": { "address": "0000:01:00.0" } } ] }""";

    private static readonly Dictionary<string, string> WithoutLibvirt = new() { ["PASSTHROUGH_LIBVIRT_LIBRARY"] = "/nowhere/libvirt.so.0" };

    private readonly FakeHost _host = FakeHost.Create().AddSystem().AddDirectory("/etc/udev/rules.d")
        .AddPciDevice("0000:01:00.0", 0x8086, 0x10d3, driver: "e1000e", iommuGroup: 9);

    public void Dispose() => _host.Dispose();

    [Fact]
    public async Task Check_prints_what_differs_and_the_exit_code_tells_it()
    {
        var run = await CommandLineRun.Piped(Document, "state", "check", "-", "--root", _host.Root, "--json");
        Assert.Equal((1, ""), (run.ExitCode, run.Errors));
        using var json = JsonDocument.Parse(run.Output);
        Assert.Equal(["asStated", "drifted", "awaitsReboot", "findings"], json.RootElement.EnumerateObject().Select(property => property.Name));
        Assert.Equal((JsonValueKind.False, true, false), (json.RootElement.GetProperty("asStated").ValueKind, json.RootElement.GetProperty("drifted").GetBoolean(), json.RootElement.GetProperty("awaitsReboot").GetBoolean()));
        Assert.Equal(["state.driver-differs", "state.not-persistent"], json.RootElement.GetProperty("findings").EnumerateArray().Select(finding => finding.GetProperty("id").GetString()));

        var text = await CommandLineRun.Piped(Document, "state", "check", "-", "--root", _host.Root);
        Assert.StartsWith("the host is not as the document says\nwarning: 0000:01:00.0 should have the driver vfio-pci and has e1000e [state.driver-differs]\n", text.Output, StringComparison.Ordinal);

        run = await CommandLineRun.Piped("""{ "version": 1 }""", "state", "check", "-", "--root", _host.Root);
        Assert.Equal((0, "the host is as the document says\n"), (run.ExitCode, run.Output));
    }

    [Theory]
    [InlineData("{", "$: the text is not JSON")]
    [InlineData("""{ "version": 1, "devics": [] }""", "$.devics: there is no property 'devics' here")]
    public async Task A_document_that_is_none_is_exit_code_3_and_one_line(string document, string words)
    {
        foreach (var verb in new[] { "check", "plan", "apply" })
        {
            var run = await CommandLineRun.Piped(document, "state", verb, "-");
            Assert.Equal((3, ""), (run.ExitCode, run.Output));
            Assert.StartsWith($"passthrough: {words}", run.Errors, StringComparison.Ordinal);
            Assert.Equal(1, run.Errors.Count(c => c == '\n'));
        }
    }

    // On the machine of the test, whatever it is: no machine has this function.
    [Fact]
    public async Task A_plan_is_printed_as_json_and_the_exit_code_tells_a_refusal()
    {
        var file = Path.Join(_host.Root, "state.json");
        await File.WriteAllTextAsync(file, Document.Replace("0000:01:00.0", "0000:fe:1f.7", StringComparison.Ordinal), TestContext.Current.CancellationToken);
        foreach (var words in new[] { $"state plan {file} --json", $"state apply {file} --dry-run --json" })
        {
            var run = await CommandLineRun.Of(WithoutLibvirt, words.Split(' '));
            Assert.True(run.ExitCode == 1, run.Errors);
            using var json = JsonDocument.Parse(run.Output);
            Assert.Equal(("state", true), (json.RootElement.GetProperty("kind").GetString(), json.RootElement.GetProperty("refused").GetBoolean()));
            Assert.Equal(["parts", "deferred", "awaitsReboot"], json.RootElement.GetProperty("state").EnumerateObject().Select(property => property.Name));
            Assert.Equal("state.device-not-found", json.RootElement.GetProperty("findings")[0].GetProperty("id").GetString());
        }
    }
}
