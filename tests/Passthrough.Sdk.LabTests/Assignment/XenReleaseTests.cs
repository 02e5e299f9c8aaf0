using Passthrough.LabTests.Faults;
using Passthrough.LabTests.Lab;
using Passthrough.Sdk;

namespace Passthrough.LabTests.Assignment;

/// <summary>Paravirtualised guests of Xen: libvirt's driver gives their devices no names, and leaves one behind when a guest ends by itself.</summary>
[LabHost(Iommu.Vtd, Xen = true)]
public sealed class XenReleaseTests
{
    public XenReleaseTests() => Shell.Run("modprobe xen-pciback");

    [Fact]
    public async Task A_NIC_comes_back_from_a_running_guest()
    {
        using var vm = LabDomain.DefineAnsweringOnXen("pv", Attempts.Hostdev(Device.Nic), switchesItselfOff: false);
        vm.Domain.Start();
        Assert.Equal("pciback", Device.DriverOf(Device.Nic));
        Shell.Run("timeout 240 sh -c 'until [ \"$(xenstore-read /local/domain/$(xl domid pv)/device/pci/0/state)\" = 4 ]; do sleep 0.5; done'");

        await PassthroughHost.Local().PlanRelease([Device.Nic], vm.Domain).ApplyAsync(cancellationToken: TestContext.Current.CancellationToken);

        Assert.DoesNotContain("01:00.0", Shell.Run("xl pci-list pv"), StringComparison.Ordinal);
        Assert.True(vm.Domain.IsActive());
        Assert.Equal("e1000e", Device.DriverOf(Device.Nic));
        Assert.DoesNotContain("<hostdev", vm.Definition, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_NIC_comes_back_after_the_guest_switched_itself_off()
    {
        using var vm = LabDomain.DefineAnsweringOnXen("pvoff", Attempts.Hostdev(Device.Nic), switchesItselfOff: true);
        vm.Domain.Start();
        Shell.Run("timeout 240 sh -c 'until virsh -c xen:///system domstate pvoff | grep -q \"shut off\"; do sleep 0.5; done'");

        await PassthroughHost.Local().PlanRelease([Device.Nic], vm.Domain).ApplyAsync(cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal("e1000e", Device.DriverOf(Device.Nic));
        Assert.DoesNotContain("<hostdev", vm.Definition, StringComparison.Ordinal);
    }
}
