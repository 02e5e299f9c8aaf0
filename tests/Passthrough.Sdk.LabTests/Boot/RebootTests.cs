using Passthrough.LabTests.Lab;
using Passthrough.Sdk;
using Passthrough.Sdk.Readiness;

namespace Passthrough.LabTests.Boot;

/// <summary>
/// From doctor's finding through <c>boot apply</c> to a ready host, with a real reboot between: the second host is started
/// with the command line that the first one's update-grub wrote into its menu, and with the first one's files.
/// </summary>
public sealed class RebootTests
{
    [Fact, LabHost(Iommu.Vtd, Parameters = "quiet intel_iommu=off", Own = "parameter")]
    public void VTd_switched_off_in_GRUBs_settings_is_mended_and_a_reboot_is_owed()
    {
        InstalledHost.Make("quiet intel_iommu=off");
        var before = InstalledHost.Check()[0];
        Assert.Equal(FindingIds.IommuDisabledByKernelParameter, before.Id);
        Assert.Equal(
            "remove intel_iommu=off from GRUB_CMDLINE_LINUX_DEFAULT in /etc/default/grub, run update-grub, and reboot",
            before.Remedy);

        Assert.Contains("ran: update-grub", InstalledHost.Run("boot apply"), StringComparison.Ordinal);

        Assert.DoesNotContain("intel_iommu=off", InstalledHost.Menu, StringComparison.Ordinal);
        var after = InstalledHost.Check();
        Assert.Equal(FindingIds.IommuRebootPending, after[0].Id);
        Assert.Equal("reboot", after[0].Remedy);
        Assert.Single(after, finding => finding.Severity == FindingSeverity.Error);
        InstalledHost.KeepForTheNextBoot();
    }

    [Fact, LabHost(Iommu.Vtd, NextBootOf = "parameter")]
    public void VTd_is_ready_after_the_reboot() => IsReady();

    [Fact, LabHost(Iommu.AmdVi, Parameters = "quiet amd_iommu=off", Own = "parameter-and-blacklist")]
    public void AMDVi_switched_off_and_vfio_pci_blacklisted_are_mended_together()
    {
        File.WriteAllText("/etc/modprobe.d/local.conf", "# ours\nblacklist vfio-pci\noptions kvm ignore_msrs=1\n");
        InstalledHost.Make("quiet amd_iommu=off");
        var before = InstalledHost.Check();
        Assert.Equal([FindingIds.IommuDisabledByKernelParameter, FindingIds.VfioModuleBlacklisted], before.Take(2).Select(finding => finding.Id));

        Assert.Contains("ran: update-grub", InstalledHost.Run("boot apply"), StringComparison.Ordinal);

        Assert.Equal("# ours\n#blacklist vfio-pci\noptions kvm ignore_msrs=1\n", File.ReadAllText("/etc/modprobe.d/local.conf"));
        Assert.Equal(FindingIds.IommuRebootPending, InstalledHost.Check()[0].Id);
        InstalledHost.KeepForTheNextBoot();
    }

    [Fact, LabHost(Iommu.AmdVi, NextBootOf = "parameter-and-blacklist")]
    public void AMDVi_is_ready_after_the_reboot() => IsReady();

    [Fact, LabHost(Iommu.Vtd, Own = "module")]
    public void A_module_that_is_not_loaded_is_loaded_at_the_next_boot()
    {
        InstalledHost.Make("quiet");
        Assert.Equal(FindingIds.VfioModuleNotLoaded, InstalledHost.Check()[0].Id);
        InstalledHost.Run("boot apply");
        var after = InstalledHost.Check()[0];
        Assert.Equal(FindingIds.VfioModuleNotLoaded, after.Id);
        Assert.Equal("modprobe vfio-pci, or reboot: /etc/modules-load.d/passthrough.conf loads it at boot", after.Remedy);
        InstalledHost.KeepForTheNextBoot();
    }

    [Fact, LabHost(Iommu.Vtd, NextBootOf = "module")]
    public void The_module_is_loaded_after_the_reboot() => IsReady();

    private static void IsReady()
    {
        // Nothing here switched the IOMMU on or loaded a module: the files of the first host did.
        Assert.DoesNotContain("iommu", File.ReadAllText("/proc/cmdline"), StringComparison.Ordinal);
        var report = PassthroughHost.Local().Capture().CheckReadiness();
        Assert.True(report.IsReady, string.Join("; ", report));
        Assert.True(Directory.Exists("/sys/kernel/iommu_groups/0"));
        Assert.True(File.Exists("/dev/vfio/vfio"));
    }
}
