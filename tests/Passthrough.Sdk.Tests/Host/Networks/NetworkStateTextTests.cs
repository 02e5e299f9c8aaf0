using System.Net;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Host.Usage;
using Passthrough.Sdk.Host.Usage.Networks;
using Passthrough.Sdk.Sysfs;

namespace Passthrough.Sdk.Tests.Host.Networks;

/// <summary>What a captured host keeps of the kernel's answers.</summary>
public sealed class NetworkStateTextTests
{
    private static readonly Fact<ValueList<InterfaceVirtualFunction>> Functions = Fact.Known(
        ValueList.Create(
            new InterfaceVirtualFunction { Index = 0, Vlan = new VlanTag(100, 3) { IsServiceTag = true }, IsTrusted = false, ChecksSpoofing = true, LinkState = VirtualFunctionLinkState.Enabled, MinimumTransmitRate = 0, MaximumTransmitRate = 1000 },
            new InterfaceVirtualFunction { Index = 1 }),
        NetworkStateReader.CapturedPath);

    private static readonly NetworkState State = new()
    {
        Spaces =
        [
            new NetworkSpace(new NetworkNamespace(4026531840), IsOwn: true)
            {
                Links =
                [
                    new NetworkLink(2, "enp1s0") { IsUp = true, Parent = "/sys/bus/pci/devices/0000:01:00.0", HasXdp = true, Filters = ["clsact"], VirtualFunctions = Functions },
                    new NetworkLink(3, "a=b\u00a0%c") { Kind = "vlan", Lower = 2, Master = 9, TunnelEnd = IPAddress.Parse("2001:db8::1"), VirtualFunctions = Fact.Absent<ValueList<InterfaceVirtualFunction>>(NetworkStateReader.CapturedPath) },
                ],
                Addresses = Fact.Known(ValueList.Create(new NetworkAddress(2, IPAddress.Parse("192.0.2.7"), 24, true)), "x"),
                Routes = Fact.Known(ValueList.Create(
                    new NetworkRoute(true, IPAddress.Parse("2001:db8:1::"), 48, 100, [2, 3]) { Gateway = IPAddress.Parse("fe80::1"), Protocol = 9 },
                    new NetworkRoute(false, null, 0, 254, [2])), "x"),
                Rules = Fact.Unknown<ValueList<NetworkRule>>("rtnetlink (ip rule)", "operation not permitted"),
                KernelClients = [new(KernelClientKind.Pppoe, "enp1s0", null), new(KernelClientKind.Netconsole, "enp1s0", "t 1"), new(KernelClientKind.Rdma, "enp1s0", "rxe0")],
                RedirectTargets = [2, 7],
            },
            new NetworkSpace(new NetworkNamespace(4026532001) { Name = "blue", Path = "/run/netns/blue", ProcessId = 5, Command = "secret" }, IsOwn: false)
            {
                Links = [new NetworkLink(5, "mv0") { Kind = "macvlan", Lower = 2, LowerNumber = 0, LowerNamespace = 4026531840 }],
                Addresses = Fact.Known(ValueList.Create<NetworkAddress>(), "x"),
                Routes = Fact.Known(ValueList.Create<NetworkRoute>(), "x"),
                Rules = Fact.Known(ValueList.Create(new NetworkRule(false, 1000, 100, "mv0", null)), "x"),
            },
        ],
        Others = Fact.Known(3, "/proc/*/ns/net"),
    };

    [Fact]
    public void What_was_written_is_read_again()
    {
        var text = NetworkStateText.Write(State);
        Assert.True(NetworkStateText.TryParse(text, out var again));
        Assert.Equal(text, NetworkStateText.Write(again));
        Assert.Equal(State.Own.Links.Select(link => link.ToString()), again.Own.Links.Select(link => link.ToString()));
        Assert.Equal("operation not permitted", again.Own.Rules.Reason);
        Assert.Equal(3, again.Others.Value);
        Assert.Equal([2, 3], again.Own.Routes.Value[0].Indexes);
        Assert.Equal(State.Own.KernelClients, again.Own.KernelClients);
        Assert.Equal([2, 7], again.Own.RedirectTargets);
        Assert.Equal(Functions.Value, again.Own.Links[0].VirtualFunctions.Value);
        Assert.True(again.Own.Links[1].VirtualFunctions.IsAbsent);
    }

    [Fact]
    public void No_hardware_address_of_a_virtual_function_is_in_it_and_why_they_are_unknown_is()
    {
        var link = State.Own.Links[0];
        string Write(Fact<ValueList<InterfaceVirtualFunction>> functions) =>
            NetworkStateText.Write(State with { Spaces = [State.Own with { Links = [link with { VirtualFunctions = functions }] }] });

        Assert.DoesNotContain("52:54", Write(Fact.Known(ValueList.Create(new InterfaceVirtualFunction { Index = 0, MacAddress = "52:54:00:00:00:01" }), "x")), StringComparison.Ordinal);
        Assert.True(NetworkStateText.TryParse(Write(Fact.Unknown<ValueList<InterfaceVirtualFunction>>("x", "operation not permitted")), out var again));
        Assert.Equal("operation not permitted", again.Own.Links[0].VirtualFunctions.Reason);
        Assert.True(NetworkStateText.TryParse("passthrough network 1\nnamespace id=1 own=yes\nlink index=2 name=a\n", out var older));
        Assert.True(older.Own.Links[0].VirtualFunctions.IsUnknown);
    }

    [Fact]
    public void No_process_is_in_it() => Assert.DoesNotContain("secret", NetworkStateText.Write(State), StringComparison.Ordinal);

    [Theory]
    [InlineData("")]
    [InlineData("something else\nnamespace id=1 own=yes\n")]
    [InlineData("passthrough network 1\nlink index=2\n")]
    [InlineData("passthrough network 1\nnamespace id=1\n")]
    public void What_is_something_else_is_refused(string text) => Assert.False(NetworkStateText.TryParse(text, out _));

    [Fact]
    public void Whatever_the_text_nothing_throws()
    {
        var random = new Random(5);
        var sound = NetworkStateText.Write(State);
        for (var i = 0; i < 3000; i++)
        {
            var text = sound.ToCharArray();
            for (var change = random.Next(1, 20); change > 0; change--)
            {
                text[random.Next(text.Length)] = (char)random.Next(32, 127);
            }

            _ = NetworkStateText.TryParse(new string(text), out _);
        }
    }

    [Fact]
    public void A_capture_keeps_it_as_a_file_that_a_host_made_of_files_reads()
    {
        var record = new TreeSysfs();
        var recording = new RecordingSysfs(new MemorySysfs(), record);
        ((ISysfs)recording).Keep(NetworkStateReader.CapturedPath, NetworkStateText.Write(State));
        recording.Close();
        Assert.Equal("blue", NetworkStateReader.Read(record, withSockets: false).Spaces[1].Namespace.Name);
    }
}
