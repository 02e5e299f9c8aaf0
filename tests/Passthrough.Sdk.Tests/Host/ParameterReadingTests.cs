using Passthrough.Sdk.Kernel;
using Passthrough.Sdk.Kernel.Modules;

namespace Passthrough.Sdk.Tests.Host;

/// <summary>How parameters are read, by the kernel and by kmod. kmod's answers are those of kmod 30 (modprobe -c with another /proc/cmdline).</summary>
public sealed class ParameterReadingTests
{
    [Theory]
    [InlineData("module_blacklist", "module_blacklist=a module-blacklist=b,c", "b,c")]
    [InlineData("module_blacklist", "module_blacklist=a module_blacklist", "a")]
    [InlineData("module_blacklist", "module_blacklist=a -- module_blacklist=b", "a")]
    [InlineData("module_blacklist", "module_blacklist=\"a b\"", "a b")]
    [InlineData("module_blacklist", "module_blacklist=", "")]
    [InlineData("intel_iommu", "intel_iommu=on intel-iommu=sm_on -- intel_iommu=off", "on|sm_on")]
    [InlineData("iommu", "iommu=off iommu=pt", "off|pt")]
    [InlineData("xen-pciback.hide", "xen-pciback.hide=(1:0.0) xen_pciback.hide=(2:0.0)", "(2:0.0)")]
    public void The_kernel_ends_up_with_the_last_or_with_all_of_them(string name, string line, string values) =>
        Assert.Equal(values, string.Join('|', KernelCommandLine.Parse(line).Effective(name).Select(parameter => parameter.Value)));

    [Theory]
    [InlineData("modprobe.blacklist=vfio-pci,nouveau", "blacklist vfio-pci|blacklist nouveau")]
    [InlineData("modprobe.blacklist=a modprobe.blacklist=b", "blacklist a|blacklist b")]
    [InlineData("-- modprobe.blacklist=vfio_pci", "blacklist vfio_pci")]
    [InlineData("\"modprobe.blacklist=vfio_pci\"", "blacklist \"vfio_pci\"")]
    [InlineData("modprobe.blacklist=\"vfio_pci\"", "blacklist \"vfio_pci\"")]
    [InlineData("mod-probe.blacklist=a", "options mod_probe blacklist=a")]
    [InlineData("modprobe. blacklist=a", "options modprobe")]
    [InlineData("vfio-pci.ids=1:2 vfio_pci.ids=\"a b\" vfio-pci.x.y=1", "options vfio_pci ids=1:2|options vfio_pci ids=\"a b\"")]
    [InlineData("vfio-pci.\"ids\"=3 quiet", "")]
    [InlineData("\"vfio-pci.ids=10de:1 vfio-pci.disable_vga=1\"", "options vfio_pci ids=\"10de:1 vfio-pci.disable_vga=1\"")]
    [InlineData("root=/dev/sda1.x ro", "")]
    public void Kmod_reads_the_whole_line_and_in_its_own_way(string line, string directives) =>
        Assert.Equal(directives, string.Join('|', KmodCommandLine.Parse(line, "/proc/cmdline").Select(directive => directive.ToString())));

    [Fact]
    public void No_parameter_is_read_that_the_table_does_not_have()
    {
        Assert.Throws<KeyNotFoundException>(() => KernelCommandLine.Parse("x=1").Effective("x"));
        Assert.All(ParameterReadings.Names, name => Assert.True(ParameterReadings.Has(name)));
        Assert.True(ParameterReadings.Has("vfio_pci.ids"));
        Assert.False(ParameterReadings.Has("MODULE_BLACKLIST"));
    }

    [Theory]
    [InlineData("install vfio* /bin/false", "vfio_pci", true)]
    [InlineData("install vfio-[p]ci /bin/false", "vfio_pci", true)]
    [InlineData("install vfio /bin/false", "vfio_pci", false)]
    [InlineData("install vfio-pci /sbin/modprobe --ignore-install vfio-pci", "vfio_pci", false)]
    [InlineData("alias vfio-pci off", "vfio_pci", true)]
    [InlineData("alias vfio_pci nouveau", "vfio_pci", true)]
    [InlineData("alias vfio-pci vfio_pci", "vfio_pci", false)]
    [InlineData("alias pci:v*d*sv*sd*bc*sc*i* vfio_pci", "vfio_pci", false)]
    [InlineData("remove vfio-pci /bin/false", "vfio_pci", false)]
    [InlineData("Blacklist vfio-pci", "vfio_pci", false)]
    [InlineData("blacklist vfio-pci nouveau", "nouveau", false)]
    public void What_keeps_a_module_away(string line, string module, bool keeps)
    {
        var modules = new KernelModules { Configuration = Sdk.Facts.Fact.Known(ModprobeConfiguration.Parse(line + "\n", "/etc/modprobe.d/x.conf"), "/etc/modprobe.d") };
        Assert.Equal(keeps, !modules[module].Obstacles.IsEmpty);
    }
}
