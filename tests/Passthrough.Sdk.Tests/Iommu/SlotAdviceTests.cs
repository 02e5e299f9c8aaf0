using System.Buffers.Binary;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Host;
using Passthrough.Sdk.Iommu;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Readiness;
using Passthrough.Sdk.Testing;

namespace Passthrough.Sdk.Tests.Iommu;

public sealed class SlotAdviceTests : IDisposable
{
    private const ushort All = 0x1d;

    private readonly FakeHost _fake = FakeHost.Create()
        .AddPciBridge("0000:00:1c.0", 1, iommuGroup: 1, config: Port(0, 0))
        .AddPciDevice("0000:01:00.0", 0x8086, 0x10d3, driver: "e1000e", iommuGroup: 1, parent: "0000:00:1c.0")
        .AddPciBridge("0000:00:1d.0", 2, iommuGroup: 2, config: Port(All, All, slot: 5))
        .AddPciDevice("0000:02:00.0", 0x8086, 0x10d3, iommuGroup: 3, parent: "0000:00:1d.0")
        .AddPciBridge("0000:00:1e.0", 3, iommuGroup: 4, config: Port(All, All, slot: 7));

    public void Dispose() => _fake.Dispose();

    [Fact]
    public void Slots_of_ports_that_keep_apart_are_found_the_empty_ones_first()
    {
        var snapshot = Capture();

        Assert.Equal(
            ["the slot below port 0000:00:1e.0 (slot 7), which is empty", "the slot below port 0000:00:1d.0 (slot 5), which holds 0000:02:00.0"],
            SlotAdvice.Find(snapshot.IommuGroups, snapshot.Devices).Select(slot => slot.ToString()));
    }

    [Fact]
    public void A_port_whose_controls_are_off_or_that_has_no_slot_is_no_advice()
    {
        _fake.AddPciBridge("0000:00:1f.0", 4, iommuGroup: 5, config: Port(All, 0x11, slot: 9))
            .AddPciBridge("0000:00:1b.0", 5, iommuGroup: 6, config: Port(All, All, slot: null));

        var ports = SlotAdvice.Find(Capture().IommuGroups, Capture().Devices).Select(slot => slot.Port.ToString());

        Assert.Equal(["0000:00:1e.0", "0000:00:1d.0"], ports);
    }

    [Fact]
    public void A_slot_below_a_switch_that_joins_its_ports_is_no_advice()
    {
        _fake.AddPciBridge("0000:01:01.0", 6, iommuGroup: 7, parent: "0000:00:1c.0", config: Port(All, All, slot: 11, type: 6));

        Assert.DoesNotContain(SlotAdvice.Find(Capture().IommuGroups, Capture().Devices), slot => slot.Number == 11);
    }

    [Fact]
    public void A_slot_below_a_switch_that_keeps_its_ports_apart_is_advice()
    {
        // The upstream port of a switch has no access control services, and needs none.
        _fake.AddPciBridge("0000:00:1a.0", 7, iommuGroup: 8, config: Port(All, All, slot: 13))
            .AddPciBridge("0000:07:00.0", 8, iommuGroup: 9, parent: "0000:00:1a.0", config: Port(0, 0, slot: null, type: 5))
            .AddPciBridge("0000:08:00.0", 9, iommuGroup: 10, parent: "0000:07:00.0", config: Port(All, All, slot: 17, type: 6));

        Assert.Contains(SlotAdvice.Find(Capture().IommuGroups, Capture().Devices), slot => slot.Number == 17);
    }

    [Fact]
    public void A_shared_group_says_what_joins_it_and_which_slot_would_help()
    {
        _fake.AddPciDevice("0000:01:00.1", 0x8086, 0x10d3, driver: "e1000e", iommuGroup: 1, parent: "0000:00:1c.0");

        var finding = Assert.Single(Capture().CheckDevices([PciAddress.Parse("0000:01:00.0")]), finding => finding.Id == FindingIds.GroupNotViable);

        Assert.Contains(finding.Evidence, evidence => evidence is
        {
            Source: "/sys/bus/pci/devices/0000:00:1c.0/config",
            Value: "bridge 0000:00:1c.0 has no access control services (ACS)",
        });
        Assert.Contains("the slot below port 0000:00:1e.0 (slot 7), which is empty", finding.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void Only_what_explains_shared_groups_is_read()
    {
        _fake.AddPciDevice("0000:01:00.1", 0x8086, 0x10d3, iommuGroup: 1, parent: "0000:00:1c.0");

        var snapshot = PassthroughHost.At(_fake.Root).Capture(new CaptureOptions { System = false, Isolation = true });

        Assert.Equal(
            ["0000:00:1c.0", "0000:00:1d.0", "0000:00:1e.0", "0000:01:00.0", "0000:01:00.1"],
            snapshot.Devices.Where(device => device.Details is not null).Select(device => device.Address.ToString()));
    }

    [Fact]
    public void A_host_without_shared_groups_costs_nothing()
    {
        using var plain = FakeHost.Create().AddPciBridge("0000:00:1d.0", 2, iommuGroup: 2).AddPciDevice("0000:02:00.0", iommuGroup: 3, parent: "0000:00:1d.0");

        Assert.All(PassthroughHost.At(plain.Root).Capture(new CaptureOptions { Isolation = true }).Devices.AsEnumerable(), device => Assert.Null(device.Details));
    }

    private HostSnapshot Capture() => PassthroughHost.At(_fake.Root).Capture(new CaptureOptions { Isolation = true });

    // A bridge's header, a PCI Express capability with a slot at 0x40, access control services at 0x100.
    private static byte[] Port(ushort supported, ushort enabled, int? slot = 1, int type = 4)
    {
        var config = new byte[4096];
        (config[0], config[1], config[6], config[0x0a], config[0x0b], config[0x0e], config[0x34]) = (0x86, 0x80, 0x10, 4, 6, 1, 0x40);
        BinaryPrimitives.WriteUInt16LittleEndian(config.AsSpan(0x42), (ushort)((slot is null ? 0 : 0x100) | (type << 4) | 2));
        config[0x40] = 0x10;
        BinaryPrimitives.WriteUInt32LittleEndian(config.AsSpan(0x54), (uint)(slot ?? 0) << 19);
        if (supported != 0)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(config.AsSpan(0x100), 0x0001000d);
            BinaryPrimitives.WriteUInt16LittleEndian(config.AsSpan(0x104), supported);
            BinaryPrimitives.WriteUInt16LittleEndian(config.AsSpan(0x106), enabled);
        }

        return config;
    }
}
