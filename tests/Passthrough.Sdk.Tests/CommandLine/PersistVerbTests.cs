using System.Text.Json;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Persistence;
using Passthrough.Sdk.Persistence.Rules;
using Passthrough.Sdk.Testing;

namespace Passthrough.Sdk.Tests.CommandLine;

/// <summary>What <c>passthrough persist</c> promises to scripts.</summary>
public sealed class PersistVerbTests : IDisposable
{
    private readonly FakeHost _host = FakeHost.Create().AddSystem()
        .AddPciBridge("0000:00:10.0", secondaryBus: 1)
        .AddPciDevice("0000:01:00.0", 0x8086, 0x10d3, driver: "e1000e", parent: "0000:00:10.0");

    public void Dispose() => _host.Dispose();

    [Fact]
    public async Task List_prints_an_array_with_the_state_of_each_device()
    {
        var nic = new PersistentIdentity(PciAddress.Parse("0000:01:00.0"), new PciIdentity(0x8086, 0x10d3), "pci0000:00/0000:00:10.0/0000:01:00.0");
        _host.WriteFile(UdevRuleFile.PathOfBinding(nic.Address), UdevRuleWriter.Write(new PersistentBinding(nic, "vfio-pci")))
            .WriteFile("/etc/driverctl.d/pci-0000:05:00.0", "vfio-pci\n");

        var run = await CommandLineRun.Of("persist", "list", "--root", _host.Root, "--json");

        Assert.Equal((0, ""), (run.ExitCode, run.Errors));
        using var json = JsonDocument.Parse(run.Output);
        Assert.Equal(2, json.RootElement.GetArrayLength());
        var first = json.RootElement[0];
        Assert.Equal(
            ["address", "driver", "virtualFunctions", "state", "currentDriver", "foundAt", "identity", "path", "origin", "file", "edited"],
            first.EnumerateObject().Select(property => property.Name));
        Assert.Equal(
            ("0000:01:00.0", "vfio-pci", "notInEffect", "e1000e", "passthrough", "/etc/udev/rules.d/61-passthrough-0000:01:00.0.rules"),
            (Text("address"), Text("driver"), Text("state"), Text("currentDriver"), Text("origin"), Text("file")));
        Assert.Equal(JsonValueKind.Null, first.GetProperty("virtualFunctions").ValueKind);
        Assert.False(first.GetProperty("edited").GetBoolean());
        Assert.Equal(("driverctl", "absent"), (json.RootElement[1].GetProperty("origin").GetString(), json.RootElement[1].GetProperty("state").GetString()));

        string Text(string name) => first.GetProperty(name).GetString()!;
    }

    [Fact]
    public async Task List_names_a_file_that_cannot_be_understood_and_ends_with_1()
    {
        _host.WriteFile("/etc/udev/rules.d/61-passthrough-x.rules", "SUBSYSTEM==\"net\"\n");
        var run = await CommandLineRun.Of("persist", "list", "--root", _host.Root);
        Assert.Equal((1, "no device is configured for every boot\n"), (run.ExitCode, run.Output));
        Assert.StartsWith("/etc/udev/rules.d/61-passthrough-x.rules: ", run.Errors, StringComparison.Ordinal);
    }
}
