using Passthrough.Sdk.Iommu;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Readiness;
using Passthrough.Sdk.Testing;

namespace Passthrough.Sdk.Tests.Readiness;

/// <summary>What differs with an SMMU: groups come with drivers, and a stream id has one device. The lab's Arm host shows the same (ArmHostTests there).</summary>
public sealed class ArmHostTests : IDisposable
{
    private const string First = "0000:04:01.0";
    private const string Second = "0000:04:02.0";
    private const string Alone = "0000:00:1b.0";

    private readonly FakeHost _host = FakeHost.Create()
        .AddPciBridge("0000:03:00.0", secondaryBus: 4, iommuGroup: 3)
        .AddPciDevice(First, vendor: 0x8086, device: 0x100e, @class: 0x020000, driver: "e1000", iommuGroup: 3, parent: "0000:03:00.0")
        .AddPciDevice(Second, vendor: 0x8086, device: 0x100e, @class: 0x020000, driver: "e1000", parent: "0000:03:00.0")
        .AddPciDevice(Alone, vendor: 0x8086, device: 0x293e, @class: 0x040300);

    public void Dispose() => _host.Dispose();

    [Fact]
    public void A_device_without_a_driver_joins_its_group_later_so_its_group_is_unknown()
    {
        _host.AddSystem(IommuKind.ArmSmmuV3);
        var report = Check(Alone);

        var finding = Assert.Single(report, finding => finding.Id == FindingIds.IommuInactive);
        Assert.True(finding is { IsUndetermined: true, Severity: FindingSeverity.Info, PossibleSeverity: FindingSeverity.Error });
        Assert.Contains("joins its group when a driver binds", finding.Title, StringComparison.Ordinal);
        Assert.Null(report.IsReady);
        var plan = _host.Open().PlanBind([PciAddress.Parse(Alone)], "vfio-pci");
        Assert.False(plan.IsRefused, plan.ToString());
        Assert.NotEmpty(plan.Steps);
    }

    [Theory]
    [InlineData(IommuKind.IntelVtd)]
    [InlineData(IommuKind.AmdVi)]
    public void With_tables_that_name_the_devices_it_is_in_none(IommuKind iommu)
    {
        _host.AddSystem(iommu);
        Assert.Contains(Check(Alone), finding => finding is { Id: FindingIds.IommuInactive, IsUndetermined: false, Severity: FindingSeverity.Error });
    }

    [Theory]
    [InlineData("e1000 0000:04:02.0: stream 1024 already in tree from dev 0000:04:01.0")]
    [InlineData("e1000 0000:04:02.0: Aliasing StreamID 0x400 (from 0000:04:01.0) unsupported, expect DMA to be broken")]
    public void A_device_whose_stream_another_has_is_told_so(string line)
    {
        _host.WriteFile("/var/log/dmesg", $"[   40.976493] {line}\n").AddSystem(IommuKind.ArmSmmuV3);
        var finding = Assert.Single(Check(Second), finding => finding.Id == FindingIds.IommuInactive);

        Assert.Equal((FindingSeverity.Error, false), (finding.Severity, finding.IsUndetermined));
        Assert.Contains("stream id of another device", finding.Title, StringComparison.Ordinal);
        Assert.Contains(finding.Evidence, evidence => evidence.Value == line);
    }

    [Fact]
    public void A_device_without_a_group_for_another_reason_is_not_told_of_streams()
    {
        _host.WriteFile("/var/log/dmesg", "[   40.976493] e1000 0000:04:01.0: stream 1024 already in tree from dev 0000:04:02.0\n").AddSystem(IommuKind.ArmSmmuV3);
        Assert.DoesNotContain("stream", Assert.Single(Check(Second), finding => finding.Id == FindingIds.IommuInactive).Title, StringComparison.Ordinal);
    }

    [Fact]
    public void The_one_with_the_group_is_not_isolated_from_the_one_without()
    {
        _host.AddSystem(IommuKind.ArmSmmuV3);
        var finding = Assert.Single(Check(First), finding => finding.Id == FindingIds.GroupNotViable);

        Assert.Equal(FindingSeverity.Error, finding.Severity);
        Assert.Contains("0000:04:02.0 (e1000)", finding.Title, StringComparison.Ordinal);
    }

    [Fact]
    public void It_is_isolated_when_the_other_has_no_driver_of_the_host()
    {
        _host.AddSystem(IommuKind.ArmSmmuV3).Take(PciAddress.Parse(Second), null);
        Assert.DoesNotContain(Check(First), finding => finding.Id == FindingIds.GroupNotViable);
    }

    [Theory]
    [InlineData(IommuKind.ArmSmmuV3, "qemu-system-arm")]
    [InlineData(IommuKind.IntelVtd, "qemu-system-x86")]
    public void QEMU_is_installed_from_the_package_for_the_machine(IommuKind iommu, string package)
    {
        _host.AddSystem(iommu).Remove($"/usr/bin/qemu-system-{(iommu == IommuKind.ArmSmmuV3 ? "aarch64" : "x86_64")}");
        Assert.StartsWith($"install it: {package} ", Assert.Single(Check(First), finding => finding.Id == FindingIds.QemuMissing).Remedy, StringComparison.Ordinal);
    }

    private ReadinessReport Check(string device) => PassthroughHost.At(_host.Root).Capture().CheckDevices([PciAddress.Parse(device)]);
}
