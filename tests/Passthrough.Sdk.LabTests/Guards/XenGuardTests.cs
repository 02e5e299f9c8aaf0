using Passthrough.LabTests.Lab;
using Passthrough.Sdk;
using Passthrough.Sdk.Plans;
using Passthrough.Sdk.Readiness;

namespace Passthrough.LabTests.Guards;

/// <summary>In a dom0 the same guards refuse what would take a disk or the network from the host, whether a guest or pciback alone is to have it.</summary>
[LabHost(Iommu.Vtd, Xen = true)]
public sealed class XenGuardTests : IDisposable
{
    public XenGuardTests() => Shell.Run("modprobe xen-pciback");

    public void Dispose() => Shell.Try("umount /mnt/guarded; ip route del default");

    [Fact]
    public async Task A_mounted_disk_and_the_NIC_of_the_default_route_stay_with_dom0()
    {
        var disk = Shell.Run("for try in $(seq 50); do ls /dev/nvme[0-9]n[0-9] 2>/dev/null && exit 0; sleep 0.2; done; exit 1");
        Shell.Run($"mkfs.ext4 -q -F {disk} && mkdir -p /mnt/guarded && mount {disk} /mnt/guarded");
        var nic = Shell.Run($"ls /sys/bus/pci/devices/{Device.Nic}/net");
        Shell.Run($"ip addr add 10.9.8.7/24 dev {nic}; ip link set {nic} up; ip route add default via 10.9.8.1 dev {nic}");
        using var vm = LabDomain.DefineOnXen("guarded", "");
        var before = vm.Definition;
        var host = PassthroughHost.Local();

        foreach (var (plan, id) in new (Plan, string)[]
        {
            (host.Plan([Device.Disk], vm.Domain), FindingIds.DeviceHoldsMountedFileSystem),
            (host.PlanBind([Device.Disk]), FindingIds.DeviceHoldsMountedFileSystem),
            (host.Plan([Device.Nic], vm.Domain), FindingIds.DeviceHoldsActiveNetworkInterface),
            (host.PlanBind([Device.Nic]), FindingIds.DeviceHoldsActiveNetworkInterface),
        })
        {
            var error = await Assert.ThrowsAsync<PlanRefusedException>(() => plan.ApplyAsync(cancellationToken: TestContext.Current.CancellationToken));
            Assert.Contains(error.Findings, finding => finding.Id == id);
        }

        Assert.Equal(("nvme", "e1000e", before), (Device.DriverOf(Device.Disk), Device.DriverOf(Device.Nic), vm.Definition));
        Shell.Run($"ip route del default; ip addr flush dev {nic}; ip link set {nic} down; umount /mnt/guarded");

        // Without the uses both go to pciback and come back exactly, and pciback lists neither any longer.
        await host.PlanBind([Device.Disk, Device.Nic]).ApplyAsync(cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(("pciback", "pciback"), (Device.DriverOf(Device.Disk), Device.DriverOf(Device.Nic)));
        Assert.Equal([Device.Nic, Device.Disk], host.Capture().System.Environment.Xen.Pciback.Slots.Value.Order());
        await host.PlanUnbind([Device.Disk, Device.Nic]).ApplyAsync(cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(("nvme", "e1000e"), (Device.DriverOf(Device.Disk), Device.DriverOf(Device.Nic)));
        Assert.Empty(host.Capture().System.Environment.Xen.Pciback.Slots.Value);
    }
}
