using Passthrough.LabTests.Lab;
using Passthrough.Sdk;
using Passthrough.Sdk.Assignment;
using Passthrough.Sdk.Hostdev;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.TestSupport;

namespace Passthrough.LabTests;

/// <summary>Virtual functions of a real NIC driver, igb: from their creation to the guest that reads the MAC address that was set.</summary>
[LabHost(Iommu.Vtd, Igb = true)]
public sealed class NicVirtualFunctionTests : IDisposable
{
    private const string Count = "/sys/bus/pci/devices/0000:05:00.0/sriov_numvfs";
    private const string FirstMac = "52:54:00:aa:00:01";
    private const string SecondMac = "52:54:00:aa:00:02";
    private readonly string _interface = Shell.Run("modprobe -a vfio-pci igb igbvf; udevadm settle; ls /sys/bus/pci/devices/0000:05:00.0/net");

    // Virtual functions stay in reset, and libvirt starts no domain with an interface of one, while this is down.
    public NicVirtualFunctionTests() => Shell.Run($"ip link set {_interface} up");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        LeftJournal.Clear();
        Shell.Run($"echo 0 >{Count}; udevadm settle");
    }

    [Fact]
    public void The_number_and_the_settings_are_what_lspci_and_ip_show_and_they_are_taken_back()
    {
        Assert.Equal((0, "0000:05:00.0: 2 virtual functions: 0000:05:10.0 0000:05:10.2\n"), Vf($"2 --vf '0 mac={FirstMac} vlan=100 trust=on' --vf '1 mac={SecondMac} spoofcheck=off'"));

        Assert.Equal("0000:05:10.0 0000:05:10.2", Shell.Run("lspci -D -n -d 8086:10ca | cut -d' ' -f1 | paste -sd ' '"));
        Assert.Matches($"link/ether {FirstMac}.* vlan 100,.*trust on", Line(0));
        Assert.Matches($"link/ether {SecondMac}.* spoof checking off.*trust off", Line(1));
        // Each is alone in its group, so that it can be given away by itself.
        var host = PassthroughHost.Local().Capture();
        Assert.All<PciAddress>([Device.IgbFirst, Device.IgbSecond], device => Assert.Single(host.IommuGroups, group => group.Devices is [var only] && only == device));
        Assert.Equal((0, "0000:05:00.0: 0 virtual functions\n"), Vf("0"));
        Assert.Equal("", Shell.Run("lspci -n -d 8086:10ca"));
    }

    [Fact]
    public void A_setting_that_the_driver_refuses_takes_back_those_before_it_and_the_functions()
    {
        var (code, _, errors) = Shell.Try($"{CommandLine.Program} vf 0000:05:00.0 2 --vf '0 mac={FirstMac}' --vf '1 vlan=100 protocol=802.1ad'");

        Assert.True(code == 3, $"exit code {code}: {errors}");
        Assert.Contains("the VLAN of virtual function 1", errors, StringComparison.Ordinal);
        Assert.Equal("0", Shell.Run($"cat {Count}"));
        Assert.Equal("", HostPicture.Entries());
    }

    [Fact]
    public async Task Two_guests_own_one_each_as_a_host_device_and_as_an_interface()
    {
        Assert.Equal(0, Vf($"2 --vf '0 mac={FirstMac} vlan=100' --vf '1 mac={SecondMac}'").Code);
        using var one = LabDomain.Define("one");
        using var two = LabDomain.Define("two");
        one.Domain.Start();
        two.Domain.Start();
        var host = PassthroughHost.Local();

        await host.Plan([Device.IgbFirst], one.Domain).ApplyAsync(cancellationToken: Token);
        await host.Plan(new AssignmentRequest(Device.IgbSecond)
        {
            Elements = [new HostInterface { Address = Device.IgbSecond, Mac = new("52:54:00:bb:00:02"), Vlan = new(200) }],
        }, two.Domain).ApplyAsync(cancellationToken: Token);

        Assert.Equal(["vfio-pci", "vfio-pci"], Drivers());
        Assert.All(["one", "two"], name => Assert.Contains("8086:10ca", Shell.Run($"virsh qemu-monitor-command {name} --hmp 'info pci'"), StringComparison.OrdinalIgnoreCase));
        Assert.Contains("<interface type='hostdev' managed='yes'>", two.Domain.GetXml(), StringComparison.Ordinal);
        // The first keeps what the plan set, and libvirt sets what the interface says.
        Assert.Matches($"link/ether {FirstMac}.* vlan 100,", Line(0));
        Assert.Matches("link/ether 52:54:00:bb:00:02.* vlan 200,", Line(1));
        var (code, _, errors) = Shell.Try($"{CommandLine.Program} vf 0000:05:00.0 0");
        Assert.True(code == 1, $"exit code {code}: {errors}");
        Assert.Contains("one", errors, StringComparison.Ordinal);

        one.Domain.Destroy();
        two.Domain.Destroy();
        await host.PlanRelease([Device.IgbFirst], one.Domain).ApplyAsync(cancellationToken: Token);
        await host.PlanRelease([Device.IgbSecond], two.Domain).ApplyAsync(cancellationToken: Token);
        Assert.Equal(["igbvf", "igbvf"], Drivers());
        // libvirt gives the function the address back that its interface had on the host, not the one that was set on the physical function.
        Assert.DoesNotContain("52:54:00:bb:00:02", Line(1), StringComparison.Ordinal);
        Assert.Equal(0, Vf("0").Code);
    }

    [Fact]
    public void A_function_that_a_network_gave_from_its_pool_is_known_as_the_domains()
    {
        Assert.Equal(0, Vf("2").Code);
        Shell.Run($"""
            cat >/run/pool.xml <<'X'
            <network><name>pool</name><forward mode='hostdev' managed='yes'><pf dev='{_interface}'/></forward></network>
            X
            virsh -q net-define /run/pool.xml && virsh -q net-start pool
            """);
        try
        {
            using var vm = LabDomain.Define("pooled", devices: $"<interface type='network'><mac address='{FirstMac}'/><source network='pool'/></interface>");
            vm.Domain.Start();
            var owned = Assert.Single(new[] { Device.IgbFirst, Device.IgbSecond }, device => Device.DriverOf(device) == "vfio-pci");

            var (code, _, errors) = Shell.Try($"{CommandLine.Program} vf 0000:05:00.0 0");

            Assert.True(code == 1, $"exit code {code}: {errors}");
            Assert.Contains("pooled", errors, StringComparison.Ordinal);
            using var other = LabDomain.Define("other");
            var plan = PassthroughHost.Local().Plan([owned], other.Domain);
            Assert.True(plan.IsRefused, plan.ToString());
            Assert.Contains("pooled", plan.ToString(), StringComparison.Ordinal);
            vm.Domain.Destroy();
            Assert.Equal(["igbvf", "igbvf"], Drivers());
        }
        finally
        {
            Shell.Run("virsh -q net-destroy pool; virsh -q net-undefine pool");
        }
    }

    // Takes minutes: the guest's kernel runs under emulation in emulation.
    [Fact(Explicit = true)]
    public async Task The_guest_reads_the_address_that_was_set()
    {
        Assert.Equal(0, Vf($"1 --vf '0 mac={FirstMac}'").Code);
        Shell.Run($"{Repository.PathOf("tests/lab/proof/define")} reads --agent");
        using var vm = LabDomain.Find("reads");
        await PassthroughHost.Local().Plan([Device.IgbFirst], vm.Domain).ApplyAsync(cancellationToken: Token);

        vm.Domain.Start();

        var addresses = Shell.Run($$"""for i in $(seq 300); do virsh qemu-agent-command reads '{"execute":"guest-network-get-interfaces"}' 2>/dev/null && exit 0; sleep 1; done; tail -n 30 /run/lab/reads.log >&2; exit 1""");
        Assert.Contains($"\"hardware-address\":\"{FirstMac}\"", addresses, StringComparison.Ordinal);
        vm.Domain.Destroy();
        await PassthroughHost.Local().PlanRelease([Device.IgbFirst], vm.Domain).ApplyAsync(cancellationToken: Token);
        Assert.Equal("igbvf", Device.DriverOf(Device.IgbFirst));
    }

    private string Line(int index) => Shell.Run($"ip link show {_interface} | grep 'vf {index} '");

    private static string?[] Drivers() => [Device.DriverOf(Device.IgbFirst), Device.DriverOf(Device.IgbSecond)];

    private static (int Code, string Output) Vf(string arguments)
    {
        var (code, output, errors) = Shell.Try($"{CommandLine.Program} vf 0000:05:00.0 {arguments}");
        return (code, output + errors);
    }
}
