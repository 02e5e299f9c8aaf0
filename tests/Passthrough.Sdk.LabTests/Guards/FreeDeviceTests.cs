using Passthrough.LabTests.Lab;
using Passthrough.Sdk;
using Passthrough.Sdk.Assignment;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Readiness;

namespace Passthrough.LabTests.Guards;

/// <summary>No guard refuses a device that nobody uses, with its driver bound as a distribution leaves it, whichever IOMMU the host has.</summary>
public sealed class FreeDeviceTests
{
    private const string Formatted = "d=/dev/nvme0n1; for i in $(seq 300); do [ -e $d ] && break; sleep 0.1; done; mkfs.ext4 -q -F $d; udevadm settle";
    private const string Wiped = "dd if=/dev/zero of=/dev/nvme0n1 bs=1M count=1 status=none; udevadm settle";
    private const string SoundNodes = "for i in $(seq 300); do [ -e /dev/snd/controlC0 ] && exit; sleep 0.1; done; exit 1";

    [Fact, LabHost(Iommu.Vtd, Own = "guards")]
    public void VTd() => AreFree();

    [Fact, LabHost(Iommu.AmdVi)]
    public void AMDVi() => AreFree();

    [Fact, LabHost(Iommu.Vtd, Xen = true)]
    public void Xen()
    {
        Shell.Run("modprobe xen-pciback");
        using var vm = LabDomain.DefineOnXen("free", "");
        AreFree(vm);
    }

    private static void AreFree()
    {
        Shell.Run("modprobe vfio-pci");
        using var vm = LabDomain.Define("free");
        AreFree(vm);
    }

    private static void AreFree(LabDomain vm)
    {
        NicIsFree(vm);

        Shell.Run(SoundNodes);
        Assert.Equal("snd_hda_intel", Device.DriverOf(Device.Sound));
        Assert.Empty(GuardsOf(PlanFor(Device.Sound, vm)));

        Shell.Run(Formatted);
        try
        {
            Assert.Equal("nvme", Device.DriverOf(Device.Disk));
            Assert.Empty(GuardsOf(PlanFor(Device.Disk, vm)));
        }
        finally
        {
            Shell.Run(Wiped);
        }
    }

    private static void NicIsFree(LabDomain vm)
    {
        Assert.Equal("e1000e", Device.DriverOf(Device.Nic));
        Assert.Empty(GuardsOf(PlanFor(Device.Nic, vm)));
        Shell.Run("if=$(ls /sys/bus/pci/devices/0000:01:00.0/net); echo 0 >/proc/sys/net/ipv6/conf/$if/accept_ra; ip link set $if up; "
            + "for i in $(seq 100); do ip -6 address show dev $if scope link | grep -q fe80 && break; sleep 0.1; done");
        try
        {
            var finding = Assert.Single(GuardsOf(PlanFor(Device.Nic, vm)));
            Assert.Equal((FindingIds.DeviceNetworkInterfaceUp, FindingSeverity.Warning), (finding.Id, finding.Severity));
            Assert.Contains("fe80::", finding.Title, StringComparison.Ordinal);
        }
        finally
        {
            Shell.Run("if=$(ls /sys/bus/pci/devices/0000:01:00.0/net); ip link set $if down; echo 1 >/proc/sys/net/ipv6/conf/$if/accept_ra");
        }
    }

    internal static AssignmentPlan PlanFor(PciAddress device, LabDomain vm)
    {
        var plan = PassthroughHost.Local().Plan([device], vm.Domain);
        Assert.False(plan.IsRefused, string.Join("; ", plan.Findings));
        Assert.NotEmpty(plan.Steps);
        return plan;
    }

    // What a guard says of the uses of a device, not even that it cannot tell.
    internal static IEnumerable<Finding> GuardsOf(AssignmentPlan plan) => plan.Findings.Where(finding =>
        finding.IsUndetermined || finding.Severity == FindingSeverity.Error || finding.Id.StartsWith("device.holds", StringComparison.Ordinal)
        || finding.Id.Contains("network-interface", StringComparison.Ordinal) || finding.Id is FindingIds.DeviceDiskBusy or FindingIds.DeviceHasOpenHandles);
}
