using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Host;
using Passthrough.Sdk.Iommu;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Readiness;
using Passthrough.Sdk.Testing;

namespace Passthrough.Sdk.Tests.Readiness;

/// <summary>Ready is yes, no, or cannot be told: what is unknown is neither of the two.</summary>
public sealed class ThreeValuesTests
{
    private const string Nic = "0000:01:00.0";

    [Theory]
    [InlineData(IommuKind.IntelVtd)]
    [InlineData(IommuKind.AmdVi)]
    public void A_fake_machine_with_its_system_is_ready_and_so_is_its_device(IommuKind kind)
    {
        using var host = FakeHost.Create().AddSystem(kind).AddPciDevice(Nic, iommuGroup: 9);
        var snapshot = Capture(host);
        Assert.True(snapshot.CheckReadiness().IsReady, string.Join("; ", snapshot.CheckReadiness()));
        Assert.True(snapshot.CheckDevice(PciAddress.Parse(Nic)).IsReady, string.Join("; ", snapshot.CheckDevice(PciAddress.Parse(Nic))));
    }

    [Fact]
    public void A_fake_machine_whose_devices_are_in_no_group_is_not_ready()
    {
        using var host = FakeHost.Create().AddSystem().AddPciDevice(Nic);
        Assert.False(Capture(host).CheckReadiness().IsReady);
    }

    [Fact]
    public void A_file_that_was_written_before_stays_as_it_is()
    {
        using var host = FakeHost.Create().WriteFile("/proc/modules", "").Remove("/dev/vfio").AddSystem().Remove("/dev/vfio").AddPciDevice(Nic, iommuGroup: 9);
        Assert.Equal(FindingIds.VfioModuleNotLoaded, Capture(host).CheckReadiness()[0].Id);
        Assert.Throws<ArgumentOutOfRangeException>(() => host.AddSystem(IommuKind.Virtio));
    }

    [Fact]
    public void A_capture_of_the_devices_alone_cannot_tell()
    {
        using var host = FakeHost.Create().AddSystem().AddPciDevice(Nic, iommuGroup: 9);
        var report = PassthroughHost.At(host.Root).Capture(CaptureOptions.DevicesOnly).CheckDevices([PciAddress.Parse(Nic)]);
        Assert.Null(report.IsReady);
        Assert.Contains(report, finding => finding is { IsUndetermined: true, Severity: FindingSeverity.Info, PossibleSeverity: FindingSeverity.Error });
    }

    [Fact]
    public void A_device_of_a_host_that_says_nothing_else_cannot_be_told()
    {
        using var host = FakeHost.Create().AddPciDevice(Nic);
        var report = Capture(host).CheckDevices([PciAddress.Parse(Nic)]);
        Assert.Null(report.IsReady);
    }

    [Fact]
    public void Nothing_at_all_is_not_ready()
    {
        using var host = FakeHost.Create();
        Assert.Null(Capture(host).CheckReadiness().IsReady);
    }

    [Fact]
    public void An_error_is_no_whatever_else_is_unknown()
    {
        using var host = FakeHost.Create();
        Assert.False(Capture(host).CheckDevices([PciAddress.Parse(Nic)]).IsReady);
    }

    [Theory]
    [InlineData("/sys/kernel/security/lockdown")]
    [InlineData("/proc/self/limits")]
    [InlineData("/proc/meminfo")]
    public void What_could_at_most_be_a_warning_does_not_matter(string file)
    {
        var report = MemoryHost.InOrder().Deny(file).Check();
        Assert.True(report.IsReady, string.Join("; ", report));
    }

    [Fact]
    public void An_error_that_nobody_can_rule_out_stays_in_sight_of_a_warning_that_would_explain_it()
    {
        var unknown = new ReadinessEngine.Explained(Of("unknown") with { IsUndetermined = true, PossibleSeverity = FindingSeverity.Error }, ["cause"]);
        var warning = new ReadinessEngine.Explained(Of("cause") with { Severity = FindingSeverity.Warning }, []);
        Assert.Equal(["cause", "unknown"], ReadinessEngine.Order([warning, unknown]).Select(finding => finding.Id));

        var error = warning with { Finding = warning.Finding with { Severity = FindingSeverity.Error } };
        Assert.Equal("unknown", Assert.Single(Assert.Single(ReadinessEngine.Order([error, unknown])).Consequences).Id);
    }

    [Fact]
    public void The_possible_severity_of_an_established_finding_is_its_own()
    {
        Assert.Equal(FindingSeverity.Info, Of("x").PossibleSeverity);
        Assert.Equal(FindingSeverity.Warning, (Of("x") with { Severity = FindingSeverity.Warning }).PossibleSeverity);
    }

    private static Finding Of(string id) => new() { Id = id, Severity = FindingSeverity.Info, Title = id, Remedy = "none" };

    private static HostSnapshot Capture(FakeHost host) => PassthroughHost.At(host.Root).Capture(new() { AllDetails = true, Isolation = true, OpenHandles = true });
}
