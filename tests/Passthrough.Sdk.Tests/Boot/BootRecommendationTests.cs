using System.Collections.Immutable;
using Passthrough.Sdk.Boot;
using Passthrough.Sdk.Host;
using Passthrough.Sdk.Host.Kernel;

namespace Passthrough.Sdk.Tests.Boot;

public sealed class BootRecommendationTests
{
    [Theory]
    [InlineData("DMAR", "CONFIG_INTEL_IOMMU=y\n# CONFIG_INTEL_IOMMU_DEFAULT_ON is not set\n", "quiet", "intel_iommu=on", "")]
    [InlineData("DMAR", "CONFIG_INTEL_IOMMU_DEFAULT_ON=y\n", "quiet", "", "")]
    [InlineData("DMAR", "CONFIG_INTEL_IOMMU_DEFAULT_ON=y\n", "quiet intel_iommu=off", "", "intel_iommu=off")]
    [InlineData("DMAR", null, "quiet", "intel_iommu=on", "")]
    [InlineData("DMAR", "# CONFIG_INTEL_IOMMU_DEFAULT_ON is not set\nCONFIG_INTEL_IOMMU_DEFAULT_ON_INTGPU_OFF=y\n", "quiet intel_iommu=off", "", "intel_iommu=off")]
    [InlineData("DMAR", "# CONFIG_INTEL_IOMMU_DEFAULT_ON is not set\n", "quiet intel_iommu=1", "intel_iommu=on", "intel_iommu=1")]
    [InlineData("DMAR", "# CONFIG_INTEL_IOMMU_DEFAULT_ON is not set\n", "intel_iommu=sm_on", "intel_iommu=on", "")]
    [InlineData("IVRS", null, "quiet", "", "")]
    [InlineData("IVRS", null, "amd_iommu=off iommu=off", "", "iommu=off amd_iommu=off")]
    [InlineData("FACP", null, "quiet", "", "")]
    public void Only_what_is_needed_is_recommended(string table, string? config, string commandLine, string add, string remove)
    {
        var system = new HostSystem
        {
            Kernel = new KernelInfo
            {
                CommandLine = Fact.Known(KernelCommandLine.Parse(commandLine), "/proc/cmdline"),
                Config = config is null ? Fact.Unknown<KernelConfig>("/proc/config.gz", "no such file") : Fact.Known(KernelConfig.Parse(config), "/proc/config.gz"),
            },
            Firmware = new() { AcpiNames = Fact.Known(ImmutableArray.Create(table), "/sys/firmware/acpi/tables") },
        };
        BootChange change = BootRecommendation.For(system);
        Assert.Equal(add, string.Join(' ', change.Add));
        Assert.Equal(remove, string.Join(' ', change.Remove));
        Assert.NotEmpty(change.Reasons);
        Assert.Equal(table != "FACP", BootRecommendation.For(system, identityMapping: true).Add.Any(p => p.Text == "iommu=pt"));
    }

    [Fact]
    public void Nothing_is_asked_of_a_dom0_kernel()
    {
        var system = new HostSystem { Environment = new() { Xen = new() { IsDom0 = Fact.Known(true, "/proc/xen/capabilities") } } };
        BootChange change = BootRecommendation.For(system);
        Assert.True(change.IsEmpty);
        Assert.Contains("Xen", Assert.Single(change.Reasons), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a intel_iommu=off b", "intel_iommu=off", "a b")]
    [InlineData("intel_iommu=sm_on,off", "intel-iommu=off", "intel_iommu=sm_on")]
    [InlineData("console=tty0 console=ttyS0", "console=tty0", "console=ttyS0")]
    [InlineData("console=tty0 console=ttyS0", "console", "")]
    public void A_parameter_can_be_removed_by_its_value(string before, string remove, string after) =>
        Assert.Equal(after, Passthrough.Sdk.Boot.Text.CommandLineEdit.Apply(before, new BootChange { Remove = [remove] }).Trim());

    [Theory]
    [InlineData("intel_iommu=off", "intel_iommu=on", "intel_iommu=on")]
    [InlineData("intel_iommu=on,sm_on", "intel_iommu=on", "intel_iommu=on,sm_on")]
    [InlineData("intel_iommu=igfx_off", "intel_iommu=on", "intel_iommu=igfx_off intel_iommu=on")]
    [InlineData("console=tty0", "console=ttyS0", "console=tty0 console=ttyS0")]
    [InlineData("vfio-pci.ids=1:2", "vfio_pci.ids=3:4", "vfio_pci.ids=3:4")]
    [InlineData("iommu=nopt x", "iommu=pt", "iommu=pt x")]
    [InlineData("x -- single", "iommu=pt", "x iommu=pt -- single")]
    [InlineData("\"x=a b\" y", "y", "\"x=a b\" y")]
    public void A_parameter_is_added_beside_or_in_place_of_what_contradicts_it(string before, string add, string after) =>
        Assert.Equal(after, Passthrough.Sdk.Boot.Text.CommandLineEdit.Apply(before, BootTree.Change(add)));
}
