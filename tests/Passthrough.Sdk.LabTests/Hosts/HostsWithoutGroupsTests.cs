using Passthrough.LabTests.Lab;

namespace Passthrough.LabTests.Hosts;

/// <summary>Two hosts that look alike from the groups and differ in the cause.</summary>
public sealed class HostsWithoutGroupsTests
{
    [Fact, LabHost(Iommu.None)]
    public void Without_an_IOMMU_there_is_no_table_and_no_group()
    {
        Assert.False(File.Exists("/sys/firmware/acpi/tables/DMAR"));
        Assert.False(File.Exists("/sys/firmware/acpi/tables/IVRS"));
        Assert.Equal("", Shell.Run("ls /sys/kernel/iommu_groups"));
    }

    [Fact, LabHost(Iommu.Vtd, Parameters = "intel_iommu=off")]
    public void With_the_IOMMU_switched_off_there_is_a_table_and_no_group()
    {
        Assert.True(File.Exists("/sys/firmware/acpi/tables/DMAR"));
        Assert.Equal("", Shell.Run("ls /sys/kernel/iommu_groups"));
    }

    [Fact, LabHost(Iommu.Vtd, InterruptRemapping = false)]
    public void Without_interrupt_remapping_there_are_groups_all_the_same()
    {
        Assert.NotEqual("", Shell.Run("ls /sys/kernel/iommu_groups"));
        Assert.DoesNotContain("Enabled IRQ remapping", Shell.Run("dmesg"), StringComparison.Ordinal);
    }
}
