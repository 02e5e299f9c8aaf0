using System.Text.Json;
using Passthrough.Sdk.Starts;
using Passthrough.Sdk.Testing;

namespace Passthrough.Sdk.Tests.CommandLine;

/// <summary>What <c>passthrough hook</c> promises to scripts.</summary>
public sealed class HookVerbTests : IDisposable
{
    private readonly FakeHost _host = FakeHost.Create().AddSystem();

    public void Dispose() => _host.Dispose();

    [Fact]
    public async Task Status_prints_one_object_and_ends_with_1_without_a_hook()
    {
        var run = await CommandLineRun.Of("hook", "status", "--root", _host.Root, "--json");
        Assert.Equal((1, ""), (run.ExitCode, run.Errors));
        using var json = JsonDocument.Parse(run.Output);
        Assert.Equal(["state", "reason", "file", "edited", "command", "allowsOnFailure"], json.RootElement.EnumerateObject().Select(property => property.Name));
        Assert.Equal(("absent", "/etc/libvirt/hooks/qemu.d/passthrough"), (json.RootElement.GetProperty("state").GetString(), json.RootElement.GetProperty("file").GetString()));
        Assert.Equal(JsonValueKind.Null, json.RootElement.GetProperty("command").ValueKind);
    }

    [Fact]
    public async Task Status_ends_with_0_where_libvirt_calls_the_hook()
    {
        _host.WriteFile("/etc/libvirt/hooks/qemu.d/passthrough", StartHookScript.Write(new() { Command = ["/usr/bin/passthrough", "hook", "run"] }))
            .WriteFile("/usr/bin/passthrough", "");
        var run = await CommandLineRun.Of("hook", "status", "--root", _host.Root, "--json");
        Assert.Equal((0, ""), (run.ExitCode, run.Errors));
        using var json = JsonDocument.Parse(run.Output);
        Assert.Equal("inEffect", json.RootElement.GetProperty("state").GetString());
        Assert.Equal(["/usr/bin/passthrough", "hook", "run"], json.RootElement.GetProperty("command").EnumerateArray().Select(word => word.GetString()));
    }
}
