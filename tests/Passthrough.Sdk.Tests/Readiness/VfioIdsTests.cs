using Passthrough.Sdk.Hostdev.Domains;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Readiness;
using Passthrough.Sdk.Readiness.Rules;

namespace Passthrough.Sdk.Tests.Readiness;

/// <summary>The ids that vfio-pci is given: which of them count, which are lost, and where they are written.</summary>
public sealed class VfioIdsTests
{
    private const string File = "/etc/modprobe.d/vfio.conf";
    private const string Running = "/sys/module/vfio_pci/parameters/ids";

    private static readonly PciAddress Nic = PciAddress.Parse("0000:01:00.0"); // 8086:10d3

    [Theory]
    [InlineData("options vfio-pci ids=10de:1b80", "")]
    [InlineData("options vfio-pci ids=10de:1b80,8086:10d3:1028:0001", "")]
    [InlineData("options vfio-pci disable_idle_d3 ids=10de:1b80", "")]
    [InlineData("options vfio-pci ids=10de:1b80 10de:10f0,8086:10d3", "10de:10f0,8086:10d3")]
    [InlineData("options vfio-pci ids=10de:1b80 10de:10f0,nonsense", "")]
    [InlineData("options vfio-pci ids=10de", "10de")]
    [InlineData("options vfio-pci ids=12345:1b80", "12345:1b80")]
    [InlineData("options vfio-pci ids=10de:12345", "10de:12345")]
    [InlineData("options vfio-pci ids=10de:1b80,8086:10d3\noptions vfio-pci ids=8086:10D3", "10de:1b80")]
    [InlineData("options vfio-pci ids=10de:1b80\noptions vfio-pci ids=10de:1b80,8086:10d3", "")]
    public void An_id_that_the_kernel_does_not_take_is_lost(string text, string lost) =>
        Assert.Equal(lost, string.Join(' ', Lost(Machine.Intel.With(File, text + "\n"))));

    [Theory]
    [InlineData("vfio-pci.ids=10de:1b80 10de:10f0", "", "10de:10f0")]
    [InlineData("vfio-pci.ids=10de:1b80 10de:10f0", "options vfio-pci ids=10de:1b80\n", "10de:10f0")]
    [InlineData("10de:10f0", "options vfio-pci ids=10de:1b80\n", "")] // no list that it could be a part of
    public void A_space_on_the_command_line_ends_the_list(string commandLine, string file, string lost) =>
        Assert.Equal(lost, string.Join(' ', Lost((Machine.Intel with { CommandLine = commandLine }).With(File, file))));

    [Theory]
    [InlineData("8086:10d3", "8086:10d3", File + " line 1")]
    [InlineData("10de:1b80", "10de:1b80", Running)]
    [InlineData("", "8086:10d3", File + " line 1")]
    public void The_running_list_counts_where_it_differs_from_the_configured_one(string running, string value, string source)
    {
        using var host = Machine.Intel.With(File, "options vfio-pci ids=8086:10d3\n").With(Running, running + "\n").Build();
        var effective = VfioIds.EffectiveOf(PassthroughHost.At(host.Root).Capture().System);
        Assert.Equal((value, source), (effective?.Value, effective?.Source));
    }

    [Fact]
    public void A_list_on_the_command_line_has_no_line_number()
    {
        using var host = (Machine.Intel with { CommandLine = "vfio-pci.ids=8086:10d3" }).Build();
        Assert.Equal("/proc/cmdline", VfioIds.EffectiveOf(PassthroughHost.At(host.Root).Capture().System)?.Source);
    }

    [Theory]
    [InlineData("ids=10de:1b80 8086:10d3", "vfio-pci does not take the id 8086:10d3 of 0000:01:00.0: a space before it ends the list")]
    [InlineData("ids=10de:1b80 10de:10f0", null)] // lost, but the id of another device
    [InlineData("ids=10de:1b80", null)]
    [InlineData("ids=8086:10d3", "/etc/modprobe.d/vfio.conf line 1 names 0000:01:00.0 for vfio-pci, but the driver e1000e took it first")]
    public void The_reason_is_that_of_the_device_itself(string options, string? reason)
    {
        using var host = Machine.Intel.With(File, $"options vfio-pci {options}\n").Build();
        var snapshot = PassthroughHost.At(host.Root).Capture();
        var why = VfioIds.WhyNotTaken(new ReadinessContext(snapshot, GuestKind.Qemu) { Addresses = [Nic] }, snapshot.Devices[Nic]);
        if (reason is null)
        {
            Assert.Null(why);
        }
        else
        {
            Assert.StartsWith(reason, why?.Reason, StringComparison.Ordinal);
        }
    }

    private static IEnumerable<string> Lost(Machine machine)
    {
        using var host = machine.Build();
        return [.. VfioIds.LostOf(PassthroughHost.At(host.Root).Capture().System).Select(lost => lost.Id)];
    }
}
