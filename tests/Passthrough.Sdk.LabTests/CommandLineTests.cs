using Passthrough.LabTests.Lab;
using Passthrough.Sdk.Pci;

namespace Passthrough.LabTests;

/// <summary>The command line on a real host: bad input, one line each, and the main job.</summary>
[LabHost(Iommu.Vtd)]
public sealed class CommandLineTests
{
    [Theory]
    [InlineData("plan nonsense --domain cli", 2, "is not a PCI address")]
    [InlineData("plan 0000:01:00.0 --domain nobody", 3, "nobody")]
    [InlineData("assign 0000:09:00.0 --domain cli --yes", 1, "no PCI function 0000:09:00.0")]
    [InlineData("assign 0000:00:10.0 --domain cli --yes", 1, "is a bridge")]
    [InlineData("assign 0000:01:00.0 --domain cli --connect qemu+unix:///system?socket=/none --yes", 3, "/none")]
    public void Bad_input_is_one_line_and_the_exit_code_of_the_contract(string arguments, int exitCode, string named)
    {
        Shell.Run("modprobe vfio-pci");
        using var vm = LabDomain.Define("cli");
        var (code, _, errors) = Shell.Try($"{CommandLine.Program} {arguments}");
        Assert.True(code == exitCode, $"exit code {code}: {errors}");
        Assert.Equal(1, errors.Count(c => c == '\n'));
        Assert.Contains(named, errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_permission_the_line_says_so()
    {
        using var vm = LabDomain.Define("cli");
        Shell.Run("chmod 0700 /run/libvirt/libvirt-sock"); // as a host without polkit guards it
        var (code, _, errors) = Shell.Try($"setpriv --reuid 65534 --regid 65534 --clear-groups {CommandLine.Program} assign 0000:01:00.0 --domain cli --yes");
        Shell.Run("chmod 0777 /run/libvirt/libvirt-sock");
        Assert.True(code == 3, $"exit code {code}: {errors}");
        Assert.Equal(1, errors.Count(c => c == '\n'));
        Assert.Contains("ermission", errors, StringComparison.Ordinal);
    }

    [Fact]
    public void A_mounted_disk_is_refused()
    {
        Shell.Run("modprobe vfio-pci; mkdir -p /tmp/disk; mkfs.ext4 -q -F /dev/nvme0n1; mount /dev/nvme0n1 /tmp/disk");
        using var vm = LabDomain.Define("cli");
        try
        {
            var (code, _, errors) = Shell.Try($"{CommandLine.Program} assign 0000:02:00.0 --domain cli --yes");
            Assert.True(code == 1, $"exit code {code}: {errors}");
            Assert.Contains("/tmp/disk", errors, StringComparison.Ordinal);
            Assert.Equal("nvme", Device.DriverOf(PciAddress.Parse("0000:02:00.0")));
        }
        finally
        {
            Shell.Run("umount /tmp/disk");
        }
    }
}
