using Passthrough.Sdk.Hostdev.Domains;
using Passthrough.Sdk.Readiness;
using Passthrough.Sdk.Testing;

namespace Passthrough.Sdk.Tests.Readiness;

/// <summary>Each rule firing, silent and undetermined, on hosts made of files.</summary>
public sealed class HostRulesTests
{
    private static readonly byte[] AnyTable = [0];

    [Fact]
    public void A_healthy_Intel_host_is_ready()
    {
        using var host = Intel("root=/dev/sda1 intel_iommu=on").WithGroups().WithVfio().WithRemapping();
        var report = Check(host);
        Assert.True(report.IsReady, string.Join("; ", report));
    }

    [Fact]
    public void Without_a_table_there_is_one_error_and_the_rest_hangs_under_it()
    {
        using var host = Bare("root=/dev/sda1").WriteFile("/sys/firmware/acpi/tables/FACP", AnyTable);
        var error = Assert.Single(Check(host), finding => finding.Severity == FindingSeverity.Error);
        Assert.Equal(FindingIds.IommuFirmwareTableMissing, error.Id);
        Assert.Contains(error.Consequences, finding => finding.Id == FindingIds.IommuInactive);
        Assert.Contains(error.Consequences, finding => finding.Id == FindingIds.VfioModuleNotLoaded);
    }

    [Theory]
    [InlineData("DMAR", "intel_iommu=off")]
    [InlineData("DMAR", "intel_iommu=on intel_iommu=off")]
    [InlineData("DMAR", "intel_iommu=sm_on,off")]
    [InlineData("DMAR", "iommu=off")]
    [InlineData("IVRS", "amd_iommu=off")]
    [InlineData("IVRS", "iommu=off")]
    public void A_parameter_that_switches_the_IOMMU_off_is_named(string table, string commandLine)
    {
        using var host = Bare(commandLine).WriteFile($"/sys/firmware/acpi/tables/{table}", AnyTable).WithVfio();
        var finding = Check(host)[0];
        Assert.Equal(FindingIds.IommuDisabledByKernelParameter, finding.Id);
        Assert.Contains("off", finding.Title, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("IVRS", "intel_iommu=off")]
    [InlineData("DMAR", "amd_iommu=off intel_iommu=on")]
    [InlineData("DMAR", "intel_iommu=off intel_iommu=on")]
    public void The_other_vendors_parameter_and_an_overruled_one_switch_nothing_off(string table, string commandLine)
    {
        using var host = Bare(commandLine).WriteFile($"/sys/firmware/acpi/tables/{table}", AnyTable).WithVfio();
        Assert.Equal(FindingIds.IommuInactive, Check(host)[0].Id);
    }

    [Fact]
    public void Intel_without_the_parameter_on_a_kernel_with_the_default_off()
    {
        using var host = Intel("root=/dev/sda1").WriteFile("/boot/config-6.1.0-test", "CONFIG_INTEL_IOMMU=y\n# CONFIG_INTEL_IOMMU_DEFAULT_ON is not set\n").WithVfio();
        Assert.Equal(FindingIds.IommuNotEnabledByKernel, Check(host)[0].Id);
    }

    [Fact]
    public void Intel_without_the_parameter_on_a_kernel_with_the_default_on_is_another_matter()
    {
        using var host = Intel("root=/dev/sda1").WriteFile("/boot/config-6.1.0-test", "CONFIG_INTEL_IOMMU=y\nCONFIG_INTEL_IOMMU_DEFAULT_ON=y\n").WithVfio();
        Assert.Equal(FindingIds.IommuInactive, Check(host)[0].Id);
    }

    [Fact]
    public void Vfio_not_loaded_on_a_host_with_groups()
    {
        using var host = Intel("intel_iommu=on").WithGroups();
        var finding = Assert.Single(Check(host), finding => finding.Severity == FindingSeverity.Error);
        Assert.Equal(FindingIds.VfioModuleNotLoaded, finding.Id);
        Assert.Contains(finding.Evidence, evidence => evidence.Source == "/dev/vfio/vfio");
    }

    [Fact]
    public void A_static_node_without_the_module_is_enough()
    {
        using var host = Intel("intel_iommu=on").WithGroups().WithRemapping().WriteFile("/dev/vfio/vfio", "");
        Assert.True(Check(host).IsReady, string.Join("; ", Check(host)));
    }

    [Fact]
    public void A_host_that_says_nothing_is_unknown_and_not_wrong()
    {
        using var host = FakeHost.Create().WriteFile("/sys/kernel/iommu_groups/1/type", "DMA\n");
        var report = Check(host);
        Assert.DoesNotContain(report, finding => finding.Severity == FindingSeverity.Error && finding.Id.StartsWith("iommu.", StringComparison.Ordinal));
    }

    [Fact]
    public void A_Xen_guest_asks_nothing_of_the_kernels_own_IOMMU()
    {
        using var host = Bare("");
        Assert.DoesNotContain(PassthroughHost.At(host.Root).Capture().CheckReadiness(GuestKind.XenPv), finding => finding.Id.StartsWith("iommu.", StringComparison.Ordinal));
    }

    private static ReadinessReport Check(FakeHost host) => PassthroughHost.At(host.Root).Capture().CheckReadiness();

    private static FakeHost Intel(string commandLine) => Bare(commandLine).WriteFile("/sys/firmware/acpi/tables/DMAR", AnyTable);

    private static FakeHost Bare(string commandLine) => FakeHost.Create()
        .WriteFile("/proc/cmdline", commandLine + "\n")
        .WriteFile("/proc/sys/kernel/osrelease", "6.1.0-test\n")
        .WriteFile("/proc/modules", "")
        .WriteFile("/lib/modules/6.1.0-test/modules.builtin", "")
        .WriteFile("/lib/modules/6.1.0-test/modules.dep", "kernel/drivers/vfio/pci/vfio-pci.ko:\n")
        .WriteFile("/sys/firmware/acpi/tables/APIC", AnyTable)
        .AddPciDevice("0000:00:02.0", vendor: 0x8086, device: 0x1234, @class: 0x020000, driver: "e1000e")
        .AddDirectory("/sys/kernel/iommu_groups");
}
