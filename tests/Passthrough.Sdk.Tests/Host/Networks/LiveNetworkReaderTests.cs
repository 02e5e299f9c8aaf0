using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Host.Usage;
using Passthrough.Sdk.Host.Usage.Networks;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Sysfs;
using static Passthrough.Sdk.Tests.Host.Networks.NetlinkBytes;

namespace Passthrough.Sdk.Tests.Host.Networks;

/// <summary>Several namespaces, put together.</summary>
public sealed class LiveNetworkReaderTests
{
    private const string Nic = "0000:01:00.0";
    private const string Away = "/proc/7/ns/net";
    private static readonly byte[] Parent = [.. Attribute(56, Text(Nic)), .. Attribute(57, Text("pci"))];

    [Fact]
    public void A_VLAN_in_another_namespace_is_found_with_what_it_has_there()
    {
        var netlink = Own(new FakeNetlink())
            .Answer(Away, FakeNetlink.Links, Link(5, "eth0.7", true, 1, Attribute(5, Number(2)), Attribute(37, Number(0)), Kind("vlan")))
            .Answer(Away, FakeNetlink.Addresses, Address(5, "192.0.2.7", 24))
            .Number(Away, "/proc/self/ns/net", 0);

        var net = Assert.Single(Read(Processes(), netlink));

        Assert.Equal([NetworkUseKind.Upper, NetworkUseKind.Address], net.Uses.Select(use => use.Kind));
        Assert.Equal("the VLAN eth0.7 in the network namespace of nginx (7) is built on it", net.Uses[0].Description);
        Assert.Equal("nsenter --target 7 --net ip link del eth0.7", net.Uses[0].Ending);
        Assert.Equal(4026532001u, net.Uses[1].Namespace!.Id);
    }

    [Fact]
    public void The_same_number_of_an_interface_in_a_third_namespace_is_another_interface()
    {
        var netlink = Own(new FakeNetlink())
            .Answer(Away, FakeNetlink.Links, Link(5, "eth0.7", true, 1, Attribute(5, Number(2)), Attribute(37, Number(1)), Kind("vlan")))
            .Number(Away, "/proc/self/ns/net", 0);
        Assert.Empty(Assert.Single(Read(Processes(), netlink)).Uses);
    }

    [Fact]
    public void An_interface_that_was_moved_is_still_the_devices()
    {
        var netlink = new FakeNetlink()
            .Answer("", FakeNetlink.Links, Link(1, "lo", true, 772))
            .Answer(Away, FakeNetlink.Links, Link(2, "eth0", true, 1, Parent));

        var net = Assert.Single(Read(Processes(withNic: false), netlink));

        Assert.Equal("it is in the network namespace of nginx (7)", Assert.Single(net.Uses).Description);
        Assert.Equal("nsenter --target 7 --net ip link set eth0 netns 1", net.Uses[0].Ending);
        Assert.True(net.IsInUse.Value);
    }

    [Fact]
    public void Of_a_container_with_nothing_of_the_devices_only_the_interfaces_are_asked_for()
    {
        var netlink = Own(new FakeNetlink()).Answer(Away, FakeNetlink.Links, Link(2, "eth0", true, 1, Attribute(5, Number(9)), Attribute(37, Number(0)), Kind("veth")));
        Assert.Empty(Assert.Single(Read(Processes(), netlink)).Uses);
        Assert.Equal([$"{Away} 18"], netlink.Asked.Where(question => question.StartsWith(Away, StringComparison.Ordinal)));
    }

    [Fact]
    public void Two_processes_in_one_namespace_are_looked_at_once_and_a_named_one_has_its_name()
    {
        var files = Processes().AddLink("/proc/8/ns/net", "net:[4026532001]")
            .Add("/proc/self/mountinfo", "211 24 0:4 net:[4026532001] /run/netns/blue rw shared:106 - nsfs nsfs rw\n");
        var netlink = Own(new FakeNetlink());
        _ = Read(files, netlink);
        Assert.Single(netlink.Asked, $"{Away} 18");
        var found = Assert.Single(NamespaceFinder.Find(files).Others);
        Assert.Equal(("blue", 7, "ip netns exec blue"), (found.Name, found.ProcessId, found.Enter));
    }

    [Fact]
    public void A_namespace_of_a_thread_of_another_mount_namespace_or_of_an_open_file_is_found()
    {
        const string Kept = "211 24 0:4 net:[4026532003] /mnt/ns rw shared:106 - nsfs nsfs rw\n";
        var files = Processes().AddLink("/proc/7/task/7/ns/net", "net:[4026532001]").AddLink("/proc/7/task/9/ns/net", "net:[4026532002]")
            .AddLink("/proc/1/ns/mnt", "mnt:[1]").AddLink("/proc/7/ns/mnt", "mnt:[2]").Add("/proc/7/mountinfo", Kept);

        var found = NamespaceFinder.Find(files, withThreads: true, [("net:[4026532004]", "/proc/7/fd/3"), ("net:[4026532001]", "/proc/7/fd/4")]);

        Assert.Null(found.Missing);
        Assert.Equal(
            [(4026532001UL, (int?)7, null), (4026532002UL, 9, null), (4026532003UL, null, "/proc/7/root/mnt/ns"), (4026532004UL, null, "/proc/7/fd/3")],
            found.Others.Select(other => (other.Id, other.ProcessId, other.Path)));
    }

    [Theory]
    [InlineData("7 (a) b) Z 1 7 7 0 -1 4227084 0", false)]
    [InlineData("7 (nginx) R 1 7 7 0 -1 4194308 0", true)]
    [InlineData("7 (nginx) S 1 7 7 0 -1 4194304 0", true)]
    public void A_process_that_has_ended_is_in_no_namespace(string stat, bool isMissing)
    {
        var found = NamespaceFinder.Find(Processes().Add("/proc/7/stat", stat).Deny("/proc/7/ns"));
        Assert.Equal(isMissing, found.Missing is not null);
    }

    [Fact]
    public void A_namespace_that_may_not_be_entered_leaves_it_open_whether_the_interface_is_used()
    {
        var net = Assert.Single(Read(Processes(), Own(new FakeNetlink()).Deny(Away)));
        Assert.True(net.IsInUse.IsUnknown);
        Assert.Contains("the network namespace of nginx (7) cannot be read", net.IsInUse.Reason, StringComparison.Ordinal);

        net = Assert.Single(Read(Processes().Deny("/proc/7/ns"), Own(new FakeNetlink())));
        Assert.Contains("cannot be read", net.IsInUse.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("net:[4026532004]", true)]
    [InlineData("/dev/null", false)]
    public void A_namespace_whose_file_was_closed_meanwhile_is_not_missing(string now, bool isMissing)
    {
        var files = Processes().AddLink("/proc/9/fd/3", now);
        var state = LiveNetworkReader.Read(files, Own(new FakeNetlink()).Deny("/proc/9/fd/3"), withSockets: true, [("net:[4026532004]", "/proc/9/fd/3")]).Value!;
        Assert.Equal(isMissing, state.Others.IsUnknown);
    }

    [Fact]
    public void A_use_that_was_seen_stands_whatever_else_could_not_be_read()
    {
        var netlink = Own(new FakeNetlink()).Deny(Away).Answer("", FakeNetlink.Routes, Route(2, 24, 254, 4, 1, Attribute(1, Ip("198.51.100.0")), Attribute(4, Number(2))));
        Assert.True(Assert.Single(Read(Processes(), netlink)).IsInUse.Value);
    }

    [Fact]
    public void Where_the_kernel_gives_no_netlink_the_files_are_read()
    {
        var files = Processes().Add("/proc/net/route", "Iface\neth0\t00000000\t010200C0\t0003\t0\t0\t0\t00000000\t0\t0\t0\n");
        var state = NetworkStateReader.Read(new WithNetlink(files, new FakeNetlink().Deny("")), withSockets: false);
        Assert.True(Assert.Single(state.Own.Routes.Value).IsDefault);
        Assert.Equal("operation not permitted", state.Others.Reason);
    }

    private static FakeNetlink Own(FakeNetlink netlink) => netlink.Answer("", FakeNetlink.Links, Link(1, "lo", true, 772), Link(2, "eth0", false, 1, Parent));

    private static MemorySysfs Processes(bool withNic = true)
    {
        var files = new MemorySysfs().AddDirectory("/sys/class/misc").AddDirectory("/sys/class/net")
            .AddLink("/proc/self/ns/net", "net:[4026531840]").AddLink("/proc/1/ns/net", "net:[4026531840]")
            .AddLink("/proc/7/ns/net", "net:[4026532001]").Add("/proc/7/comm", "nginx\n");
        return withNic ? files.AddLink("/sys/class/net/eth0", $"../../devices/pci0000:00/0000:00:1c.0/{Nic}/net/eth0").Add("/sys/class/net/eth0/ifindex", "2\n") : files;
    }

    private static ValueList<NetworkInterface> Read(MemorySysfs files, FakeNetlink netlink) =>
        UsageReader.Read(new WithNetlink(files, netlink), false)[PciAddress.Parse(Nic)].NetworkInterfaces.Value;
}
