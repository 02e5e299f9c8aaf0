using Passthrough.LabTests.Lab;

namespace Passthrough.LabTests;

/// <summary><c>passthrough vf</c> on a real SR-IOV device: the lab's NVMe disk with room for four.</summary>
[LabHost(Iommu.Vtd, Own = "agreement")]
public sealed class VirtualFunctionTests
{
    private const string Numbers = "/sys/bus/pci/devices/0000:02:00.0/sriov_numvfs";

    [Fact]
    public void The_number_is_set_changed_by_way_of_0_and_taken_back()
    {
        DoNotProbe();
        Assert.Equal((0, "0000:02:00.0: 2 virtual functions: 0000:02:00.1 0000:02:00.2\n"), Vf("0000:02:00.0 2"));
        Assert.Equal("2", Shell.Run($"cat {Numbers}"));
        Assert.Equal((0, "0000:02:00.0: 4 virtual functions: 0000:02:00.1 0000:02:00.2 0000:02:00.3 0000:02:00.4\n"), Vf("0000:02:00.0 4"));
        Assert.Equal((0, "0000:02:00.0: 4 virtual functions: 0000:02:00.1 0000:02:00.2 0000:02:00.3 0000:02:00.4\n"), Vf("0000:02:00.0 4"));
        Assert.Equal((0, "0000:02:00.0: 0 virtual functions\n"), Vf("0000:02:00.0 0"));
        Assert.Equal("0", Shell.Run($"cat {Numbers}"));
    }

    [Theory]
    [InlineData("0000:02:00.0 9", 1, "at most 4")]
    [InlineData("0000:01:00.0 1", 1, "no SR-IOV")]
    [InlineData("0000:09:00.0 1", 3, "0000:09:00.0")]
    [InlineData("0000:02:00.0 -1", 2, "-1")]
    [InlineData("0000:02:00.0 many", 2, "many")]
    public void What_cannot_be_is_one_line_and_changes_nothing(string arguments, int exitCode, string named)
    {
        var (code, _, errors) = Shell.Try($"{CommandLine.Program} vf {arguments}");

        Assert.True(code == exitCode, $"exit code {code}: {errors}");
        Assert.Equal(1, errors.Count(c => c == '\n'));
        Assert.Contains(named, errors, StringComparison.Ordinal);
        Assert.Equal("0", Shell.Run($"cat {Numbers}"));
    }

    [Fact]
    public void Virtual_functions_of_a_running_domain_stay()
    {
        DoNotProbe();
        Shell.Run($"modprobe vfio-pci; echo 2 > {Numbers}; udevadm settle");
        try
        {
            using var vm = LabDomain.Define("vfowner", devices:
                "<hostdev mode='subsystem' type='pci' managed='yes'><source><address domain='0x0000' bus='0x02' slot='0x00' function='0x1'/></source></hostdev>");
            vm.Domain.Start();

            var (code, _, errors) = Shell.Try($"{CommandLine.Program} vf 0000:02:00.0 0");

            Assert.True(code == 1, $"exit code {code}: {errors}");
            Assert.Contains("vfowner", errors, StringComparison.Ordinal);
            Assert.Equal("2", Shell.Run($"cat {Numbers}"));
        }
        finally
        {
            Shell.Run($"echo 0 > {Numbers}");
        }
    }

    // QEMU's virtual functions need a secondary controller that is switched on; without, nvme waits for each in vain, for minutes here.
    private static void DoNotProbe() => Shell.Run("echo 0 > /sys/bus/pci/devices/0000:02:00.0/sriov_drivers_autoprobe");

    private static (int Code, string Output) Vf(string arguments)
    {
        var (code, output, errors) = Shell.Try($"{CommandLine.Program} vf {arguments}");
        return (code, output + errors);
    }
}
