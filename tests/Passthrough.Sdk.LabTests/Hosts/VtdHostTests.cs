using Passthrough.LabTests.Lab;

namespace Passthrough.LabTests.Hosts;

/// <summary>What every scenario on a VT-d host takes for granted.</summary>
[LabHost(Iommu.Vtd)]
public sealed class VtdHostTests
{
    private const string Nic = "/sys/bus/pci/devices/0000:01:00.0";

    [Fact]
    public void The_firmware_announces_the_IOMMU_in_a_DMAR_table() =>
        Assert.True(File.Exists("/sys/firmware/acpi/tables/DMAR"));

    [Fact]
    public void The_NIC_is_an_82574_on_its_own_driver()
    {
        Assert.Equal("0x8086", Shell.Run($"cat {Nic}/vendor"));
        Assert.Equal("0x10d3", Shell.Run($"cat {Nic}/device"));
        Assert.Equal("e1000e", Shell.Run($"basename $(readlink -f {Nic}/driver)"));
    }

    [Fact]
    public void The_NIC_is_alone_in_its_group() =>
        Assert.Equal("0000:01:00.0", Shell.Run($"ls {Nic}/iommu_group/devices"));

    [Fact]
    public void The_two_NICs_behind_the_bridge_share_a_group_with_it() =>
        Assert.Equal(
            "0000:03:00.0\n0000:04:01.0\n0000:04:02.0",
            Shell.Run("ls /sys/bus/pci/devices/0000:04:01.0/iommu_group/devices"));

    [Fact]
    public void Libvirt_drives_QEMU_and_knows_the_NIC()
    {
        Assert.Equal("QEMU", Shell.Run("virsh -q -c qemu:///system version | sed -n 's/^Running hypervisor: \\([A-Z]*\\).*/\\1/p'"));
        Assert.Contains("<driver>", Shell.Run("virsh -c qemu:///system nodedev-dumpxml pci_0000_01_00_0"), StringComparison.Ordinal);
    }
}
