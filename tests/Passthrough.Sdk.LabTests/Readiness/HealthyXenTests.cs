using Passthrough.LabTests.Faults;
using Passthrough.LabTests.Lab;
using Passthrough.Sdk;
using Passthrough.Sdk.Libvirt;
using Passthrough.Sdk.Readiness;

namespace Passthrough.LabTests.Readiness;

/// <summary>No false alarm on Xen: libvirt says that it has no IOMMU, and dom0 has neither groups nor a DMAR table to show.</summary>
[LabHost(Iommu.Vtd, Xen = true)]
public sealed class HealthyXenTests
{
    [Fact]
    public void It_is_ready_whatever_libvirt_says_of_the_IOMMU_and_gives_the_device_away()
    {
        Shell.Run("modprobe xen-pciback");
        var libvirt = LibvirtFacts.Read("xen:///system");
        Assert.True(libvirt.HasIommu is { IsKnown: true, Value: false }, libvirt.HasIommu.ToString());
        Assert.False(Directory.Exists("/sys/kernel/iommu_groups/0"));
        Assert.Contains("pv_directio", Shell.Run("xl info virt_caps"), StringComparison.Ordinal);

        var report = PassthroughHost.Local().Capture(new() { DetailsOf = [Device.Nic], OpenHandles = true }).CheckDevices([Device.Nic], libvirt: libvirt);
        Assert.True(report.IsReady, string.Join("; ", report));
        Assert.DoesNotContain(report, finding => finding.Severity == FindingSeverity.Error);
        Assert.DoesNotContain(report, finding => finding.Id.StartsWith("xen.", StringComparison.Ordinal));

        using var vm = LabDomain.DefineOnXen("guest", Attempts.Hostdev(Device.Nic));
        vm.Domain.Start();
        Assert.Equal("pciback", Device.DriverOf(Device.Nic));
        Assert.Contains("01:00.0", Shell.Run("xl pci-list guest"), StringComparison.Ordinal);
    }

    [Fact]
    public void What_Xen_answers_is_what_xl_prints_and_an_ordinary_user_learns_that_it_is_unknown()
    {
        Shell.Run("modprobe xen-pciback");
        var xen = PassthroughHost.Local().Capture().System.Environment.Xen;
        Assert.Equal(Shell.Run("xl info xen_commandline"), xen.CommandLine.Value?.Text);
        Assert.Equal("/dev/xen/privcmd", xen.VirtCaps.Source);
        var words = Shell.Run("xl info virt_caps").Split(' ');
        Assert.Equal(words.Where(word => !word.StartsWith("gnttab", StringComparison.Ordinal) && word is not ("vmtrace" or "vpmu")), xen.VirtCaps.Value);
        Assert.True(xen.DrivesIommu is { IsKnown: true, Value: true });
        Assert.True(xen.Pciback.IsPermissiveForAll is { IsKnown: true, Value: false });

        var asNobody = AsNobody.Run(() => PassthroughHost.Local().Capture().System.Environment.Xen);
        Assert.True(asNobody.VirtCaps.IsUnknown && asNobody.CommandLine.IsUnknown, $"{asNobody.VirtCaps} {asNobody.CommandLine}");
    }

    [Fact]
    public void The_program_takes_the_host_for_what_it_is()
    {
        Shell.Run("modprobe xen-pciback");
        var (code, output, errors) = Shell.Try($"{CommandLine.Program} doctor --connect xen:///system");
        Assert.True(code == 0, $"exit code {code}: {output}{errors}");
        Assert.StartsWith("ready\n", output, StringComparison.Ordinal);
    }
}
