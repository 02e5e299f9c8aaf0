using Passthrough.LabTests.Lab;
using Passthrough.Sdk.Drivers;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Host.Usage;
using Passthrough.Sdk.Host.Usage.Networks;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Sysfs;
using Passthrough.Sdk.Sysfs.Netlink;

namespace Passthrough.LabTests;

/// <summary>
/// Settings of virtual functions on a real kernel: its module netdevsim has an interface with virtual functions, which are set over the netlink
/// interface of every driver that has them. <c>ip link</c> is the judge.
/// </summary>
[LabHost(Iommu.Vtd, Own = "netdevsim")]
public sealed class VirtualFunctionSettingTests : IDisposable
{
    private const string Device = "/sys/bus/netdevsim/devices/netdevsim1";
    private static readonly PciAddress Shown = PciAddress.Parse("0000:00:00.0"); // for messages: the device is not on the PCI bus
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly string _name;
    private readonly VirtualFunctionLink _link;
    private readonly VirtualFunctionSettingWriter _writer = new(LinuxSysfs.Machine, TimeProvider.System);

    public VirtualFunctionSettingTests()
    {
        var module = $"{Repository.PathOf("artifacts/lab")}/netdevsim-$(uname -r).ko";
        Shell.Run($"[ -e {Device} ] || {{ test -e {module} || {{ echo 'build it first: tests/lab/netdevsim' >&2; exit 1; }}; modprobe psample; insmod {module}; }}");
        Shell.Run($"echo '1 1' >/sys/bus/netdevsim/new_device; udevadm settle; echo 4 >{Device}/sriov_numvfs");
        _name = Shell.Run($"ls {Device}/net");
        _link = LinkOf(_name);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => Shell.Run("echo 1 >/sys/bus/netdevsim/del_device; rmmod netdevsim");

    [Theory]
    [InlineData("mac", "52:54:00:12:34:56", "link/ether 52:54:00:12:34:56")]
    [InlineData("vlan", "100", "vlan 100,")]
    [InlineData("vlan", "100 qos 3", "vlan 100, qos 3,")]
    [InlineData("vlan", "4094 qos 7 proto 802.1ad", "vlan 4094, qos 7, vlan protocol 802.1ad")]
    [InlineData("trust", "on", "trust on")]
    [InlineData("spoofchk", "on", "spoof checking on")]
    public async Task What_is_set_is_what_ip_shows_and_it_is_set_back(string setting, string value, string shown)
    {
        var before = VirtualFunctionSetting.ValueOf(Read()[2], setting)!;
        Assert.DoesNotContain(shown, Line(2), StringComparison.Ordinal);

        await _writer.SetAsync(Shown, _link, new(2, setting, value), Patience, Token);

        Assert.Contains(shown, Line(2), StringComparison.Ordinal);
        Assert.DoesNotContain(shown, Line(1), StringComparison.Ordinal);
        Assert.Equal(value, VirtualFunctionSetting.ValueOf(Read()[2], setting));
        await _writer.SetAsync(Shown, _link, new(2, setting, before), Patience, Token);
        Assert.DoesNotContain(shown, Line(2), StringComparison.Ordinal);
    }

    [Fact]
    public void What_ip_sets_is_what_is_read_with_all_of_the_networks()
    {
        Shell.Run($"ip link set {_name} vf 3 mac 52:54:00:00:00:03 vlan 7 qos 2; ip link set {_name} vf 3 trust on; ip link set {_name} vf 3 spoofchk on; ip link set {_name} vf 3 state enable; ip link set {_name} vf 3 rate 1000");

        var link = Assert.Single(LiveNetworkReader.Read(LinuxSysfs.Machine, LinuxNetlink.Machine, withSockets: false).Value!.Own.Links, link => link.Name == _name);

        Assert.Equal(4, link.VirtualFunctions.Value.Count);
        Assert.Equal(
            new InterfaceVirtualFunction
            {
                Index = 3, MacAddress = "52:54:00:00:00:03", Vlan = new VlanTag(7, 2), IsTrusted = true, ChecksSpoofing = true,
                LinkState = VirtualFunctionLinkState.Enabled, MinimumTransmitRate = 0, MaximumTransmitRate = 1000,
            },
            link.VirtualFunctions.Value[3]);
    }

    [Fact]
    public void A_device_without_virtual_functions_has_none_and_one_that_cannot_have_any_says_so()
    {
        Shell.Run($"echo 0 >{Device}/sriov_numvfs");
        var links = LiveNetworkReader.Read(LinuxSysfs.Machine, LinuxNetlink.Machine, withSockets: false).Value!.Own.Links;
        Assert.Empty(Assert.Single(links, link => link.Name == _name).VirtualFunctions.Value);
        Assert.True(Assert.Single(links, link => link.Name == "lo").VirtualFunctions.IsAbsent);
    }

    [Fact]
    public void So_many_that_the_answer_is_large_are_all_read()
    {
        Shell.Run($"echo 0 >{Device}/sriov_numvfs; mountpoint -q /sys/kernel/debug || mount -t debugfs debugfs /sys/kernel/debug; echo 160 >/sys/kernel/debug/netdevsim/netdevsim1/max_vfs; echo 160 >{Device}/sriov_numvfs");
        Shell.Run($"ip link set {_name} vf 159 vlan 9");
        Assert.Equal(160, Read().Count);
        Assert.Equal(new VlanTag(9), Read()[159].Vlan);
    }

    [Fact]
    public async Task An_index_beyond_the_last_is_named_with_the_number_that_there_is() =>
        Assert.Contains("only 4 virtual functions (EINVAL)", (await Fails(_link, new(4, "vlan", "7"))).Message, StringComparison.Ordinal);

    [Fact]
    public async Task An_address_that_the_driver_refuses_is_told() =>
        Assert.Contains("does not accept this value (EINVAL)", (await Fails(_link, new(0, "mac", "53:54:00:00:00:01"))).Message, StringComparison.Ordinal);

    [Fact]
    public async Task A_driver_that_cannot_is_told() =>
        Assert.Contains("cannot set it (EOPNOTSUPP)", (await Fails(LinkOf("lo"), new(0, "trust", "on"))).Message, StringComparison.Ordinal);

    [Fact]
    public void Without_rights_it_can_be_read_and_not_set()
    {
        Assert.Equal(4, AsNobody.Run(() => _link.Read().Value.Count));
        Assert.Equal(Errno.NotPermitted, AsNobody.Run(() => _link.Set(new(0, "vlan", "7"))));
        Assert.Equal(VlanTag.None, Read()[0].Vlan);
    }

    [Fact]
    public async Task An_interface_that_is_gone_is_told()
    {
        var index = int.Parse(Shell.Run($"cat /sys/class/net/{_name}/ifindex"), System.Globalization.CultureInfo.InvariantCulture);
        Assert.Contains("no longer exists here (ENODEV)", (await Fails(new(LinuxNetlink.Machine, "gone0", index + 1000), new(0, "vlan", "7"))).Message, StringComparison.Ordinal);
    }

    private async Task<VirtualFunctionException> Fails(VirtualFunctionLink link, VirtualFunctionSetting setting) =>
        await Assert.ThrowsAsync<VirtualFunctionException>(() => _writer.SetAsync(Shown, link, setting, Patience, Token));

    private ValueList<InterfaceVirtualFunction> Read() => _link.Read().Value;

    private string Line(int index) => Shell.Run($"ip link show {_name} | grep 'vf {index} '");

    private static VirtualFunctionLink LinkOf(string name) =>
        new(LinuxNetlink.Machine, name, int.Parse(Shell.Run($"cat /sys/class/net/{name}/ifindex"), System.Globalization.CultureInfo.InvariantCulture));
}
