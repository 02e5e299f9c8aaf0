using Passthrough.LabTests.Lab;
using Passthrough.Sdk;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Readiness;

namespace Passthrough.LabTests.Guards;

/// <summary>A USB controller is free with a stick in it, and in use while the stick is mounted.</summary>
[LabHost(Iommu.Vtd, Usb = true)]
public sealed class UsbControllerTests
{
    private static readonly PciAddress Controller = PciAddress.Parse("0000:00:1d.0");

    [Fact]
    public void A_controller_is_in_use_while_its_disk_is_mounted_and_free_otherwise()
    {
        Shell.Run("modprobe vfio-pci; for i in $(seq 300); do [ -b /dev/sda ] && break; sleep 0.1; done; mkfs.ext4 -q -F /dev/sda; udevadm settle; mkdir -p /tmp/stick");
        Assert.Equal("xhci_hcd", Device.DriverOf(Controller));
        using var vm = LabDomain.Define("usb");
        AssertFree(vm);

        Shell.Run("mount /dev/sda /tmp/stick; echo kept >/tmp/stick/file");
        try
        {
            var plan = PassthroughHost.Local().Plan([Controller], vm.Domain);
            Assert.True(plan.IsRefused);
            var finding = Assert.Single(plan.Findings, finding => finding.Severity == FindingSeverity.Error);
            Assert.Equal(FindingIds.DeviceHoldsMountedFileSystem, finding.Id);
            Assert.Contains("/tmp/stick (ext4 on sda)", finding.Title, StringComparison.Ordinal);
            Assert.Equal("kept", Shell.Run("cat /tmp/stick/file"));
        }
        finally
        {
            Shell.Run("umount /tmp/stick");
        }

        AssertFree(vm);
    }

    private static void AssertFree(LabDomain vm) => Assert.Empty(FreeDeviceTests.GuardsOf(FreeDeviceTests.PlanFor(Controller, vm)));
}
