using System.Buffers.Binary;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Host;
using Passthrough.Sdk.Iommu;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Testing;

namespace Passthrough.Sdk.Tests.Iommu;

public sealed class IsolationAnalysisTests : IDisposable
{
    private const int RootPort = 4;
    private const int Endpoint = 0;
    private const int UpstreamPort = 5;
    private const ushort AllNeeded = 0x1d;

    private readonly FakeHost _fake = FakeHost.Create();

    public void Dispose() => _fake.Dispose();

    [Fact]
    public void A_port_without_access_control_joins_what_is_below_it()
    {
        _fake.AddPciBridge("0000:00:1c.0", 1, iommuGroup: 1, config: Config(RootPort, bridge: true))
            .AddPciDevice("0000:01:00.0", iommuGroup: 1, parent: "0000:00:1c.0", config: Config(Endpoint));

        var gap = Assert.Single(Explain());

        Assert.Equal(("0000:00:1c.0", IsolationGapKind.NoAccessControl, true), (gap.Device.ToString(), gap.Kind, gap.IsBridge));
        Assert.Equal("bridge 0000:00:1c.0 has no access control services (ACS)", gap.ToString());
    }

    [Fact]
    public void A_port_with_controls_that_are_off_says_which()
    {
        _fake.AddPciBridge("0000:00:1c.0", 1, iommuGroup: 1, config: Config(RootPort, true, AllNeeded, 0x11))
            .AddPciDevice("0000:01:00.0", iommuGroup: 1, parent: "0000:00:1c.0", config: Config(Endpoint));

        var gap = Assert.Single(Explain());

        Assert.Equal(IsolationGapKind.NotEnabled, gap.Kind);
        Assert.Equal(["request redirect", "completion redirect"], gap.Missing);
    }

    [Fact]
    public void A_control_that_is_not_offered_is_not_missed()
    {
        _fake.AddPciBridge("0000:00:1c.0", 1, iommuGroup: 1, config: Config(RootPort, true, 0x1c, 0x1c))
            .AddPciDevice("0000:01:00.0", iommuGroup: 1, parent: "0000:00:1c.0", config: Config(Endpoint));

        Assert.Empty(Explain());
    }

    [Fact]
    public void Functions_of_a_card_without_access_control_are_the_reason()
    {
        _fake.AddPciBridge("0000:00:1c.0", 1, iommuGroup: 1, config: Config(RootPort, true, AllNeeded, AllNeeded))
            .AddPciDevice("0000:01:00.0", iommuGroup: 2, parent: "0000:00:1c.0", config: Config(Endpoint))
            .AddPciDevice("0000:01:00.1", iommuGroup: 2, parent: "0000:00:1c.0", config: Config(Endpoint));

        Assert.Equal(
            [("0000:01:00.0", IsolationGapKind.NoAccessControl, false), ("0000:01:00.1", IsolationGapKind.NoAccessControl, false)],
            Explain(2).Select(g => (g.Device.ToString(), g.Kind, g.IsBridge)));
    }

    [Fact]
    public void Conventional_PCI_is_the_reason_behind_a_bridge()
    {
        _fake.AddPciBridge("0000:00:1e.0", 5, iommuGroup: 3)
            .AddPciDevice("0000:05:01.0", iommuGroup: 3, parent: "0000:00:1e.0").AddPciDevice("0000:05:02.0", iommuGroup: 3, parent: "0000:00:1e.0");

        var gap = Assert.Single(Explain(3));

        Assert.Equal(("0000:00:1e.0", IsolationGapKind.ConventionalPci), (gap.Device.ToString(), gap.Kind));
    }

    [Fact]
    public void A_configuration_space_that_ends_early_leaves_it_open()
    {
        _fake.AddPciBridge("0000:00:1c.0", 1, iommuGroup: 1, config: Config(RootPort, true)[..64])
            .AddPciDevice("0000:01:00.0", iommuGroup: 1, parent: "0000:00:1c.0", config: Config(Endpoint));

        Assert.Equal(IsolationGapKind.Unknown, Assert.Single(Explain()).Kind);
    }

    [Theory]
    [InlineData(256)]
    [InlineData(257)]
    public void A_configuration_space_without_extended_capabilities_leaves_it_open(int length)
    {
        _fake.AddPciBridge("0000:00:1c.0", 1, iommuGroup: 1, config: Config(RootPort, true)[..length])
            .AddPciDevice("0000:01:00.0", iommuGroup: 1, parent: "0000:00:1c.0", config: Config(Endpoint));

        Assert.Equal(length == 256 ? IsolationGapKind.Unknown : IsolationGapKind.NoAccessControl, Assert.Single(Explain()).Kind);
    }

    [Theory]
    [InlineData(false, 0)]
    [InlineData(true, 1)]
    public void An_upstream_port_joins_only_what_stands_beside_it(bool isMultifunction, int gaps)
    {
        var upstream = Config(UpstreamPort, bridge: true);
        upstream[0x0e] |= (byte)(isMultifunction ? 0x80 : 0);
        _fake.AddPciBridge("0000:00:1c.0", 1, iommuGroup: 2, config: Config(RootPort, true, AllNeeded, AllNeeded))
            .AddPciBridge("0000:01:00.0", 2, iommuGroup: 1, parent: "0000:00:1c.0", config: upstream)
            .AddPciDevice("0000:02:00.0", iommuGroup: 1, parent: "0000:01:00.0", config: Config(Endpoint));

        Assert.Equal(gaps, Explain().Count);
    }

    [Fact]
    public void A_bridge_outside_of_the_group_is_the_reason_if_it_leads_to_two_of_its_members()
    {
        _fake.AddPciBridge("0000:00:1c.0", 1, iommuGroup: 1, config: Config(RootPort, true))
            .AddPciDevice("0000:01:00.0", iommuGroup: 2, parent: "0000:00:1c.0", config: Config(Endpoint))
            .AddPciDevice("0000:01:01.0", iommuGroup: 2, parent: "0000:00:1c.0", config: Config(Endpoint));

        Assert.Equal(["bridge 0000:00:1c.0 has no access control services (ACS)"], Explain(2).Select(gap => gap.ToString()));
    }

    [Fact]
    public void A_bridge_outside_of_the_group_that_leads_to_one_card_is_not_the_reason()
    {
        _fake.AddPciBridge("0000:00:1c.0", 1, iommuGroup: 1, config: Config(RootPort, true))
            .AddPciDevice("0000:01:00.0", iommuGroup: 2, parent: "0000:00:1c.0", config: Config(Endpoint))
            .AddPciDevice("0000:01:00.1", iommuGroup: 2, parent: "0000:00:1c.0", config: Config(Endpoint));

        Assert.Equal(
            ["function 0000:01:00.0 has no access control services (ACS)", "function 0000:01:00.1 has no access control services (ACS)"],
            Explain(2).Select(gap => gap.ToString()));
    }

    [Fact]
    public void A_gap_of_controls_that_are_off_names_them_in_its_text() => Assert.Equal(
        "bridge 0000:00:1c.0 has access control services that are not enabled: source validation, request redirect",
        new IsolationGap(PciAddress.Parse("0000:00:1c.0"), IsolationGapKind.NotEnabled, ["source validation", "request redirect"], IsBridge: true).ToString());

    [Fact]
    public void Nothing_is_explained_or_advised_without_its_facts()
    {
        var (group, devices) = (new IommuGroup(1, []), new PciDeviceCollection([]));

        Assert.Throws<ArgumentNullException>("group", () => IsolationAnalysis.Explain(null!, devices));
        Assert.Throws<ArgumentNullException>("devices", () => IsolationAnalysis.Explain(group, null!));
        Assert.Throws<ArgumentNullException>("device", () => IsolationAnalysis.Check(null!, isBridge: true));
        Assert.Throws<ArgumentNullException>("groups", () => SlotAdvice.Find(null!, devices));
        Assert.Throws<ArgumentNullException>("devices", () => SlotAdvice.Find(new IommuGroupCollection([]), null!));
    }

    [Fact]
    public void A_group_of_one_needs_no_reason()
    {
        _fake.AddPciDevice("0000:00:02.0", iommuGroup: 1);

        Assert.Empty(Explain());
    }

    private ValueList<IsolationGap> Explain(int group = 1)
    {
        var snapshot = PassthroughHost.At(_fake.Root).Capture(new CaptureOptions { AllDetails = true });
        Assert.True(snapshot.IommuGroups.TryGet(group, out var found));
        return IsolationAnalysis.Explain(found, snapshot.Devices);
    }

    // A header, a PCI Express capability at 0x40, and where asked for access control services at 0x100.
    private static byte[] Config(int type, bool bridge = false, ushort supported = 0, ushort enabled = 0)
    {
        var config = new byte[4096];
        (config[0], config[1], config[6], config[0x0e], config[0x34]) = (0x86, 0x80, 0x10, (byte)(bridge ? 1 : 0), 0x40);
        (config[0x40], config[0x42]) = (0x10, (byte)((type << 4) | 2));
        if (supported != 0)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(config.AsSpan(0x100), 0x0001000d);
            BinaryPrimitives.WriteUInt16LittleEndian(config.AsSpan(0x104), supported);
            BinaryPrimitives.WriteUInt16LittleEndian(config.AsSpan(0x106), enabled);
        }

        return config;
    }
}
