using Passthrough.LabTests.Lab;

namespace Passthrough.LabTests.Hosts;

/// <summary>What every scenario on an AMD-Vi host takes for granted: the same devices at the same addresses.</summary>
[LabHost(Iommu.AmdVi)]
public sealed class AmdViHostTests
{
    [Fact]
    public void The_firmware_announces_the_IOMMU_in_an_IVRS_table() =>
        Assert.True(File.Exists("/sys/firmware/acpi/tables/IVRS"));

    [Fact]
    public void The_NIC_is_alone_in_its_group_at_the_same_address_as_under_VTd()
    {
        Assert.Equal("0x10d3", Shell.Run("cat /sys/bus/pci/devices/0000:01:00.0/device"));
        Assert.Equal("0000:01:00.0", Shell.Run("ls /sys/bus/pci/devices/0000:01:00.0/iommu_group/devices"));
    }
}
