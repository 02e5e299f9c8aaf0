using Passthrough.LabTests.Lab;
using Passthrough.Sdk;
using Passthrough.Sdk.Readiness;

namespace Passthrough.LabTests.Guards;

/// <summary>No guard fires on a NIC that nobody uses, down or up as a distribution leaves it, whichever IOMMU the host has.</summary>
public sealed class FreeNicTests
{
    [Fact, LabHost(Iommu.Vtd, Own = "guards")]
    public void VTd() => IsFree();

    [Fact, LabHost(Iommu.AmdVi)]
    public void AMDVi() => IsFree();

    [Fact, LabHost(Iommu.Vtd, Xen = true)]
    public void Xen() => IsFree();

    private static void IsFree()
    {
        Assert.DoesNotContain(Check(), finding => finding.Id.Contains("network-interface", StringComparison.Ordinal));
        Shell.Run("if=$(ls /sys/bus/pci/devices/0000:01:00.0/net); echo 0 >/proc/sys/net/ipv6/conf/$if/accept_ra; ip link set $if up; "
            + "for i in $(seq 100); do ip -6 address show dev $if scope link | grep -q fe80 && break; sleep 0.1; done");
        try
        {
            var finding = Assert.Single(Check(), finding => finding.Id.Contains("network-interface", StringComparison.Ordinal));
            Assert.Equal((FindingIds.DeviceNetworkInterfaceUp, FindingSeverity.Warning), (finding.Id, finding.Severity));
            Assert.Contains("fe80::", finding.Title, StringComparison.Ordinal);
        }
        finally
        {
            Shell.Run("if=$(ls /sys/bus/pci/devices/0000:01:00.0/net); ip link set $if down; echo 1 >/proc/sys/net/ipv6/conf/$if/accept_ra");
        }
    }

    private static ReadinessReport Check() => PassthroughHost.Local().Capture(new() { OpenHandles = true }).CheckDevices([Device.Nic]);
}
