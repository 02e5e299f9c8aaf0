using Passthrough.Sdk.Host;
using Passthrough.Sdk.Iommu;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Plans;
using Passthrough.Sdk.Readiness;

namespace Passthrough.Tests.Host;

/// <summary>Snapshots, reports and errors that a program makes itself, with the public constructors only.</summary>
public sealed class MadeSnapshotTests
{
    private static readonly PciAddress Nic = PciAddress.Parse("0000:01:00.0");
    private static readonly PciAddress Twin = PciAddress.Parse("0000:01:00.1");

    [Fact]
    public void A_made_snapshot_is_found_in_and_judged_as_a_captured_one()
    {
        var snapshot = new HostSnapshot(
            DateTimeOffset.UnixEpoch,
            "made",
            new PciDeviceCollection([new PciDevice(Twin) { IommuGroupId = 9 }, new PciDevice(Nic) { VendorId = 0x8086, DeviceId = 0x10d3, IommuGroupId = 9 }]),
            new IommuGroupCollection([new IommuGroup(12, []), new IommuGroup(9, [Twin, Nic])]));

        Assert.Equal([Nic, Twin], snapshot.Devices.Select(device => device.Address));
        Assert.Equal((ushort)0x10d3, snapshot.Devices[Nic].DeviceId);
        Assert.Equal([Nic, Twin], snapshot.IommuGroups[9].Devices);
        Assert.False(snapshot.Devices.TryGet(PciAddress.Parse("0000:02:00.0"), out _));
        Assert.Empty(snapshot.Unread);
        Assert.Null(snapshot.CheckDevice(Nic).IsReady); // nothing else of this host is known
    }

    [Fact]
    public void An_address_or_a_number_is_there_once()
    {
        Assert.Contains("0000:01:00.0", Assert.Throws<ArgumentException>(() => new PciDeviceCollection([new PciDevice(Nic), new PciDevice(Twin), new PciDevice(Nic)])).Message, StringComparison.Ordinal);
        Assert.Contains('9', Assert.Throws<ArgumentException>(() => new IommuGroupCollection([new IommuGroup(9, []), new IommuGroup(9, [])])).Message);
    }

    [Fact]
    public void A_made_report_and_made_errors_say_what_real_ones_say()
    {
        var finding = new Finding { Id = FindingIds.DeviceNotFound, Severity = FindingSeverity.Error, Title = "no such device", Remedy = "check the address", Evidence = [] };

        Assert.False(new ReadinessReport([finding]).IsReady);
        Assert.True(new ReadinessReport([]).IsReady);
        Assert.Equal("no such device [device.not-found]; check the address", new PlanRefusedException(finding).Message);
        Assert.Throws<ArgumentException>(() => new PlanRefusedException());
        Assert.Equal("the driver has changed", new StalePlanException("the driver has changed").Message);
    }
}
