using Passthrough.Sdk.Boot;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Host;
using Passthrough.Sdk.Kernel;
using Passthrough.Sdk.Readiness;

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
    [InlineData("DMAR", "CONFIG_INTEL_IOMMU_DEFAULT_ON=y\n", "intel_iommu=off intel_iommu=on", "", "")]
    [InlineData("DMAR", "CONFIG_INTEL_IOMMU_DEFAULT_ON=y\n", "intel-iommu=off,on", "", "")]
    [InlineData("DMAR", "CONFIG_INTEL_IOMMU_DEFAULT_ON=y\n", "intel-iommu=on intel_iommu=sm_on,off", "", "intel_iommu=off")]
    [InlineData("DMAR", "CONFIG_INTEL_IOMMU_DEFAULT_ON=y\n", "intel_iommu=offline", "", "intel_iommu=offline")]
    [InlineData("DMAR", "CONFIG_INTEL_IOMMU_DEFAULT_ON=y\n", "quiet -- intel_iommu=off", "", "")]
    [InlineData("IVRS", null, "amd_iommu=on amd_iommu=offset", "", "amd_iommu=offset")]
    [InlineData("IVRS", null, "iommu=off iommu=force", "", "iommu=off")]
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
            Firmware = new() { AcpiNames = Fact.Known(ValueList.Create(table), "/sys/firmware/acpi/tables") },
        };
        var change = BootRecommendation.For(system);
        Assert.Equal(add, string.Join(' ', change.Add));
        Assert.Equal(remove, string.Join(' ', change.Remove));
        Assert.NotEmpty(change.Reasons);
        Assert.Equal(table != "FACP", BootRecommendation.For(system, identityMapping: true).Add.Any(p => p.Text == "iommu=pt"));
    }

    /// <summary>Whether the kernel needs the parameter is read from what it makes of the line that it runs with.</summary>
    [Theory]
    [InlineData("quiet", "")]
    [InlineData("intel_iommu=sm_on", "")]
    [InlineData("intel_iommu=on", "intel_iommu=on")]
    [InlineData("intel-iommu=off,only", "intel_iommu=on")]
    [InlineData("intel_iommu=on intel_iommu=igfx_off", "intel_iommu=on")]
    public void An_IOMMU_that_works_without_the_parameter_needs_none(string commandLine, string add)
    {
        var system = new HostSystem
        {
            Kernel = new KernelInfo
            {
                CommandLine = Fact.Known(KernelCommandLine.Parse(commandLine), "/proc/cmdline"),
                Config = Fact.Unknown<KernelConfig>("/proc/config.gz", "no such file"),
            },
            Firmware = new() { AcpiNames = Fact.Known(ValueList.Create("DMAR"), "/sys/firmware/acpi/tables") },
            Iommu = new() { GroupCount = Fact.Known(12, "/sys/kernel/iommu_groups") },
        };
        Assert.Equal(add, string.Join(' ', BootRecommendation.For(system).Add));
    }

    [Fact]
    public void Nothing_is_asked_of_a_dom0_kernel()
    {
        var system = new HostSystem { Environment = new() { Xen = new() { IsDom0 = Fact.Known(true, "/proc/xen/capabilities") } } };
        var change = BootRecommendation.For(system);
        Assert.True(change.IsEmpty);
        Assert.Contains("Xen", Assert.Single(change.Reasons), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a intel_iommu=off b", "intel_iommu=off", "a b")]
    [InlineData("intel_iommu=sm_on,off", "intel-iommu=off", "intel_iommu=sm_on")]
    [InlineData("console=tty0 console=ttyS0", "console=tty0", "console=ttyS0")]
    [InlineData("console=tty0 console=ttyS0", "console", "")]
    [InlineData("foo=a\"b\" foo=c", "foo=a\"b\"", "foo=c")]
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
    [InlineData("a=1 a=2 a=1", "a=2", "a=1 a=2 a=1 a=2")]
    [InlineData("a=1 a=2", "a=2", "a=1 a=2")]
    [InlineData("vfio-pci.ids=3:4 vfio-pci.ids=1:2", "vfio_pci.ids=3:4", "vfio-pci.ids=3:4 vfio_pci.ids=3:4")]
    [InlineData("console=ttyS0 console=tty0", "console=ttyS0", "console=ttyS0 console=tty0")]
    [InlineData("intel_iommu=off intel_iommu=on", "intel_iommu=on", "intel_iommu=off intel_iommu=on")]
    [InlineData("intel_iommu=on intel_iommu=off", "intel_iommu=on", "intel_iommu=on")]
    [InlineData("intel_iommu=on,off", "intel_iommu=on", "intel_iommu=on")]
    [InlineData("iommu=pt iommu=nopt", "iommu=pt", "iommu=pt")]
    [InlineData("iommu=off iommu=force", "iommu=force", "iommu=force")]
    [InlineData("amd_iommu=off amd_iommu=force_isolation", "amd_iommu=off", "amd_iommu=off amd_iommu=force_isolation")]
    [InlineData("nosmt=force nosmt", "nosmt=force", "nosmt=force nosmt nosmt=force")]
    public void A_parameter_is_added_beside_or_in_place_of_what_contradicts_it(string before, string add, string after) =>
        Assert.Equal(after, Passthrough.Sdk.Boot.Text.CommandLineEdit.Apply(before, BootTree.Change(add)));

    [Fact]
    public void Of_two_values_in_one_change_the_last_one_holds_and_removing_what_comes_keeps_it()
    {
        Assert.Equal("b=0 a=2", Passthrough.Sdk.Boot.Text.CommandLineEdit.Apply("b=0", BootTree.Change("a=1", "a=2")));
        Assert.Equal("a=2 b=0", Passthrough.Sdk.Boot.Text.CommandLineEdit.Apply("a=1 a=2 b=0", BootTree.Change("-a", "a=2")));
        Assert.Equal("b=0 console=tty0 console=ttyS0", Passthrough.Sdk.Boot.Text.CommandLineEdit.Apply("b=0", BootTree.Change("console=tty0", "console=ttyS0")));
    }
}
