using System.Buffers.Binary;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Host;
using Passthrough.Sdk.Iommu;
using Passthrough.Sdk.Testing;

namespace Passthrough.Sdk.Tests.Iommu;

public sealed class IsolationAnalysisTests : IDisposable
{
    private const int RootPort = 4;
    private const int Endpoint = 0;
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
