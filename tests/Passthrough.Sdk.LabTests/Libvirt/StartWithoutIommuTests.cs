using Passthrough.LabTests.Lab;
using Passthrough.Sdk.Libvirt;

namespace Passthrough.LabTests.Libvirt;

/// <summary>Three hosts with three different faults, and libvirt's one answer to all of them.</summary>
public sealed class StartWithoutIommuTests
{
    [Fact, LabHost(Iommu.None)]
    public void Without_an_IOMMU_a_hostdev_is_refused_with_code_67() => AssertRefused();

    [Fact, LabHost(Iommu.Vtd, Parameters = "intel_iommu=off")]
    public void With_the_IOMMU_switched_off_a_hostdev_is_refused_with_code_67() => AssertRefused();

    [Fact, LabHost(Iommu.Vtd, Own = "without-vfio")]
    public void Without_vfio_pci_a_hostdev_is_refused_with_code_67()
    {
        Assert.False(Directory.Exists("/sys/module/vfio_pci"));
        AssertRefused();
    }

    private static void AssertRefused()
    {
        using var libvirt = LibvirtConnection.Open("qemu:///system");
        using var guest = new Guest(libvirt, "refused", Guest.Hostdev(Guest.Nic));
        var error = Assert.Throws<LibvirtException>(() => guest.Domain.Start());
        Assert.Equal(67, (int)error.Code);
        Assert.Equal(LibvirtErrorDomain.Qemu, error.Domain);
        Assert.Equal("unsupported configuration: host doesn't support passthrough of host PCI devices", error.NativeMessage);
        Assert.Contains("'refused'", error.Message, StringComparison.Ordinal);
        Assert.Equal("e1000e", Guest.DriverOf(Guest.Nic));
    }
}
