using Passthrough.LabTests.Lab;
using Passthrough.Sdk;
using Passthrough.Sdk.Kernel.Modules;
using Passthrough.Sdk.Readiness;

namespace Passthrough.LabTests.Faults;

/// <summary>Parameters and module options, read as the kernel and kmod read them: they are the judges here.</summary>
public sealed class ParametersTests
{
    /// <summary>The kernel keeps the last module_blacklist=, and compares its dash with an underscore.</summary>
    internal const string BlacklistedByNobody = "amd_iommu=on lockdown=confidentiality module_blacklist=vfio_pci module_blacklist=vfio-pci";

    private const string Conf = "/etc/modprobe.d/parameters.conf";

    [Fact, LabHost(Iommu.Vtd, Parameters = BlacklistedByNobody)]
    public void A_module_that_only_an_earlier_or_a_misspelt_parameter_names_is_loaded_and_doctor_says_so()
    {
        Shell.Run("modprobe -r vfio-pci; modprobe -b vfio-pci");
        Assert.Contains("vfio_pci ", File.ReadAllText("/proc/modules"), StringComparison.Ordinal);
        var snapshot = PassthroughHost.Local().Capture();
        Assert.Empty(snapshot.System.Modules["vfio_pci"].Obstacles);
        Assert.DoesNotContain(snapshot.CheckReadiness(), finding => finding.Id == FindingIds.VfioModuleBlacklisted);
        Assert.Contains(snapshot.CheckReadiness(), finding => finding.Id == FindingIds.KernelParameterWithoutEffect);
    }

    [Fact, LabHost(Iommu.Vtd, Parameters = "module_blacklist=vfio_pci")]
    public void A_module_that_the_last_parameter_names_is_refused_and_doctor_says_so()
    {
        Assert.NotEqual(0, Shell.Try("modprobe vfio-pci").Code);
        var snapshot = PassthroughHost.Local().Capture();
        Assert.Equal(ModuleDirectiveKind.KernelBlacklist, Assert.Single(snapshot.System.Modules["vfio_pci"].Obstacles).Kind);
        Assert.Contains(snapshot.CheckReadiness(), finding => finding.Id == FindingIds.VfioModuleBlacklisted);
    }

    [Theory, LabHost(Iommu.Vtd, Own = "faults")]
    [InlineData("modprobe.blacklist=vfio-pci,nouveau modprobe.blacklist=radeon")]
    [InlineData("quiet -- modprobe.blacklist=vfio_pci")]
    [InlineData("modprobe.blacklist=\"vfio_pci\" \"modprobe.blacklist=vfio\"")]
    [InlineData("vfio-pci.ids=1:2 vfio_pci.ids=\"a b\" vfio-pci.x.y=1 mod-probe.blacklist=a")]
    [InlineData("modprobe. blacklist=a \"vfio-pci.ids=10de:1 vfio-pci.disable_vga=1\" vfio-pci.\"ids\"=3")]
    public void Kmod_makes_the_same_of_a_command_line(string line)
    {
        var root = Directory.CreateTempSubdirectory("parameters-").FullName;
        Directory.CreateDirectory($"{root}/proc");
        File.WriteAllText($"{root}/proc/cmdline", line + "\n");
        var judged = Shell.Run($"unshare -m sh -c 'mount --bind {root}/proc/cmdline /proc/cmdline && modprobe -C /dev/null -c'").Split('\n')
            .Where(text => text.StartsWith("options ", StringComparison.Ordinal) || text.StartsWith("blacklist ", StringComparison.Ordinal))
            .Select(text => text.TrimEnd()) // kmod writes the space before an option that is empty
            .Order(StringComparer.Ordinal);
        var read = PassthroughHost.At(root).Capture().System.Modules.Configuration.Value.Select(directive => directive.ToString()).Order(StringComparer.Ordinal);
        Assert.Equal(judged, read);
        Directory.Delete(root, recursive: true);
    }

    [Fact, LabHost(Iommu.Vtd, Own = "faults")]
    public void The_kernel_keeps_the_last_list_of_ids_and_doctor_names_those_that_are_lost()
    {
        Shell.Run($"{ModuleFaultTests.Unload}; printf 'options vfio-pci ids=1af4:dead\\noptions vfio-pci ids=1af4:beef, 1af4:cafe\\n' >{Conf}; dmesg -C; modprobe vfio-pci");
        try
        {
            var log = Shell.Run("dmesg");
            Assert.Contains("add [1af4:beef", log, StringComparison.Ordinal);
            Assert.DoesNotContain("add [1af4:dead", log, StringComparison.Ordinal);
            Assert.Contains("unknown parameter '1af4:cafe' ignored", log, StringComparison.Ordinal);
            var malformed = string.Join('\n', PassthroughHost.Local().Capture().CheckReadiness().Where(finding => finding.Id == FindingIds.VfioOptionsMalformed));
            Assert.Contains("1af4:dead", malformed, StringComparison.Ordinal);
            Assert.Contains("1af4:cafe", malformed, StringComparison.Ordinal);
            Assert.DoesNotContain("1af4:beef (", malformed, StringComparison.Ordinal);
        }
        finally
        {
            Shell.Run($"rm {Conf}; modprobe -r vfio-pci; modprobe vfio-pci");
        }
    }

    [Fact, LabHost(Iommu.Vtd, Own = "faults")]
    public void A_flag_that_is_neither_yes_nor_no_keeps_the_module_away()
    {
        Shell.Run($"{ModuleFaultTests.Unload}; echo 'options vfio_iommu_type1 allow_unsafe_interrupts=please' >{Conf}");
        try
        {
            Assert.NotEqual(0, Shell.Try("modprobe vfio_iommu_type1").Code);
            Assert.Contains(PassthroughHost.Local().Capture().CheckReadiness(), finding => finding is { Id: FindingIds.VfioOptionsMalformed, Severity: FindingSeverity.Error });
        }
        finally
        {
            Shell.Run($"rm {Conf}; modprobe vfio-pci; modprobe vfio_iommu_type1");
        }
    }
}
