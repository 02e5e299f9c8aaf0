using System.Text.Json;
using Passthrough.Sdk.Testing;

namespace Passthrough.Sdk.Tests.CommandLine;

/// <summary>What <c>passthrough boot plan --early-binding</c> promises to scripts.</summary>
public sealed class BootVerbTests : IDisposable
{
    private readonly FakeHost _host = FakeHost.Create().AddSystem()
        .WriteFile("/etc/default/grub", "GRUB_CMDLINE_LINUX=\"quiet\"\n").WriteFile("/boot/grub/grub.cfg", "linux /vmlinuz quiet\n")
        .WriteFile("/etc/initramfs-tools/modules", "")
        .AddPciDevice("0000:01:00.0", 0x8086, 0x10d3, driver: "e1000e", iommuGroup: 9)
        .AddPciDevice("0000:02:00.0", 0x8086, 0x1533, driver: "igb", iommuGroup: 10)
        .AddNetworkInterface("0000:01:00.0", "enp1s0").AddNetworkInterface("0000:02:00.0", "enp2s0");

    public void Dispose() => _host.Dispose();

    [Fact]
    public async Task Early_binding_of_several_devices_is_one_change_and_nothing_else_is_recommended()
    {
        var run = await CommandLineRun.Of("boot", "plan", "--early-binding", "0000:01:00.0", "0000:02:00.0", "--root", _host.Root, "--json");

        Assert.Equal((0, ""), (run.ExitCode, run.Errors));
        using var json = JsonDocument.Parse(run.Output);
        var boot = json.RootElement.GetProperty("boot");
        Assert.Equal(["8086:10d3", "8086:1533"], boot.GetProperty("earlyBinding").EnumerateArray().Select(id => id.GetString()));
        Assert.Equal(["e1000e", "igb"], boot.GetProperty("earlyBindingBefore").EnumerateArray().Select(module => module.GetString()));
        Assert.Equal(0, boot.GetProperty("add").GetArrayLength());
        Assert.Equal(2, boot.GetProperty("reasons").GetArrayLength());
        Assert.False(json.RootElement.GetProperty("refused").GetBoolean());
    }

    [Fact]
    public async Task A_device_in_use_is_refused_with_1_and_its_id_can_be_accepted()
    {
        _host.AddNetworkInterface("0000:01:00.0", "enp1s0", "192.0.2.1/24").Open(); // which writes the network's files
        string[] plan = ["boot", "plan", "--early-binding", "0000:01:00.0", "--root", _host.Root];
        var refused = await CommandLineRun.Of(plan);
        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("device.holds-active-network-interface", refused.Output, StringComparison.Ordinal);

        var accepted = await CommandLineRun.Of([.. plan, "--accept", "device.holds-active-network-interface"]);
        Assert.Equal(0, accepted.ExitCode);
        Assert.Contains("+options vfio-pci ids=8086:10d3", accepted.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_device_that_does_not_exist_is_named()
    {
        var run = await CommandLineRun.Of("boot", "apply", "--early-binding", "0000:09:00.0", "--root", _host.Root);
        Assert.Equal((3, ""), (run.ExitCode, run.Output));
        Assert.Contains("0000:09:00.0", run.Errors, StringComparison.Ordinal);
    }
}
