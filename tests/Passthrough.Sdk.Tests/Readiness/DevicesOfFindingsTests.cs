using Passthrough.Sdk.Explain;
using Passthrough.Sdk.Host;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Readiness;
using Passthrough.Sdk.Testing;
using Passthrough.Sdk.Tests.Explain;

namespace Passthrough.Sdk.Tests.Readiness;

/// <summary>A finding names the devices that it is about, so that a program can say why for one of several.</summary>
public sealed class DevicesOfFindingsTests
{
    private static readonly PciAddress Nic = PciAddress.Parse("0000:01:00.0");
    private static readonly PciAddress Shared = PciAddress.Parse("0000:04:01.0");
    private static readonly PciAddress Bridge = PciAddress.Parse("0000:00:1c.0");
    private static readonly PciAddress Missing = PciAddress.Parse("0000:09:00.0");

    [Fact]
    public void Each_of_several_devices_has_its_own_and_the_rest_is_about_the_host()
    {
        using var host = Hosts.WithoutModule();
        var report = PassthroughHost.At(host.Root).Capture().CheckDevices([Nic, Shared, Bridge, Missing]);
        Assert.Equal([Bridge], Of(report, FindingIds.DeviceIsBridge).Devices);
        Assert.Equal([Missing], Of(report, FindingIds.DeviceNotFound).Devices);
        Assert.Equal([Shared], Of(report, FindingIds.GroupNotViable).Devices);
        Assert.Empty(Of(report, FindingIds.VfioModuleNotLoaded).Devices);
        Assert.DoesNotContain(report, finding => finding.Severity == FindingSeverity.Error && finding.Devices.Contains(Nic));
    }

    [Fact]
    public void What_could_not_be_told_of_a_device_names_it_too()
    {
        using var host = Hosts.Healthy();
        var snapshot = PassthroughHost.At(host.Root).Capture(new CaptureOptions { OpenHandles = true });
        var finding = Of(snapshot.CheckDevices([Nic]), FindingIds.DeviceHoldsActiveNetworkInterface);
        Assert.True(finding.IsUndetermined);
        Assert.Equal([Nic], finding.Devices);
    }

    [Fact]
    public void A_group_that_is_judged_as_a_whole_names_a_member_that_would_be_given_away()
    {
        using var host = Hosts.Healthy();
        var snapshot = PassthroughHost.At(host.Root).Capture();
        Assert.True(snapshot.IommuGroups.TryGet(11, out var group));
        var finding = Assert.Single(snapshot.CheckGroup(group));
        Assert.Contains(Assert.Single(finding.Devices), group.Devices);
    }

    [Fact]
    public void What_goes_with_a_device_in_question_is_named_beside_it()
    {
        using var host = FakeHost.Create().AddSystem()
            .AddPciDevice("0000:5d:05.5", vendor: 0x8086, device: 0x201d, @class: 0x010400, driver: "vmd", iommuGroup: 60)
            .AddPciDevice("10000:01:00.0", vendor: 0x8086, device: 0x0a54, @class: 0x010802, driver: "nvme", iommuGroup: 60, parent: "0000:5d:05.5");
        var disk = $"{host.DevicePath("10000:01:00.0")}/nvme/nvme0/nvme0n1";
        host.WriteFile($"{disk}/dev", "259:0\n").WriteFile($"{disk}/size", "1024\n").AddLink("/sys/class/block/nvme0n1", disk)
            .WriteFile("/proc/self/mountinfo", "22 1 259:0 / /data rw,relatime shared:1 - ext4 /dev/nvme0n1 rw\n");
        var controller = PciAddress.Parse("0000:5d:05.5");
        var report = PassthroughHost.At(host.Root).Capture(new CaptureOptions { DetailsOf = [controller] }).CheckDevices([controller]);
        Assert.Equal([controller, PciAddress.Parse("10000:01:00.0")], Of(report, FindingIds.DeviceHoldsMountedFileSystem).Devices);
    }

    [Theory]
    [InlineData("vfio 0000:04:01.0: group 11 is not viable", FindingIds.GroupNotViable, "0000:04:01.0")]
    [InlineData("vfio 0000:01:00.0: failed to open /dev/vfio/9: Device or resource busy", FindingIds.GroupBusy, "0000:01:00.0")]
    [InlineData("error: failed to get domain 'vm7'", FindingIds.DomainNotFound, null)]
    public void An_explanation_names_those_that_its_cause_is_about(string message, string id, string? device)
    {
        using var host = Hosts.Healthy();
        var cause = PassthroughHost.At(host.Root).Capture().Explain(message).Cause!;
        Assert.Equal(id, cause.Id);
        Assert.Equal(device is null ? [] : [PciAddress.Parse(device)], cause.Devices);
    }

    /// <summary>Of all that the rules say of the tests' machines: what is about a device by its id has one, and a device in question.</summary>
    [Fact]
    public void An_id_of_a_device_or_a_group_never_comes_without_a_device()
    {
        foreach (var make in (Func<FakeHost>[])[Hosts.Healthy, Hosts.WithoutModule, Hosts.WithReservedMemory, Hosts.WithoutRemapping, Hosts.NotSwitchedOn])
        {
            using var host = make();
            var snapshot = PassthroughHost.At(host.Root).Capture(new CaptureOptions { AllDetails = true, OpenHandles = true });
            foreach (var device in snapshot.Devices)
            {
                var findings = snapshot.CheckDevices([device.Address]).SelectMany(finding => finding.Consequences.Prepend(finding)).ToList();
                Assert.NotEmpty(findings);
                Assert.All(findings.Where(finding => finding.Id.StartsWith("device.", StringComparison.Ordinal) || finding.Id.StartsWith("group.", StringComparison.Ordinal)),
                    finding => Assert.Equal([device.Address], finding.Devices));
                Assert.All(findings.Where(finding => finding.Id.StartsWith("kernel.", StringComparison.Ordinal) || finding.Id.StartsWith("cpu.", StringComparison.Ordinal)),
                    finding => Assert.Empty(finding.Devices));
            }
        }
    }

    private static Finding Of(ReadinessReport report, string id) =>
        Assert.Single(report.SelectMany(finding => finding.Consequences.Prepend(finding)), finding => finding.Id == id);
}
