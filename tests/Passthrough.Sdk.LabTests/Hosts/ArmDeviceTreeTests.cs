using Passthrough.LabTests.Lab;
using Passthrough.Sdk;
using Passthrough.Sdk.Iommu;
using Passthrough.Sdk.Readiness;

namespace Passthrough.LabTests.Hosts;

/// <summary>An Arm host without ACPI: a device tree names the SMMU.</summary>
[LabHost(Iommu.Smmuv3, Acpi = false)]
public sealed class ArmDeviceTreeTests
{
    [Fact]
    public void The_device_tree_is_read_and_the_host_is_ready()
    {
        Shell.Run("modprobe vfio-pci");
        var snapshot = PassthroughHost.Local().Capture();
        var host = snapshot.System;
        Assert.False(Directory.Exists("/sys/firmware/acpi"));
        var smmu = Assert.Single(host.Firmware.DeviceTree.Value);
        Assert.True(smmu is { IsEnabled: true }, $"{smmu}");
        Assert.Contains("arm,smmu-v3", smmu.Compatible);
        Assert.Equal(IommuKind.ArmSmmuV3, Assert.Single(host.Iommu.Units.Value).Kind);
        Assert.True(host.Iommu.InterruptRemapping is { IsKnown: true, Value: true });

        var report = snapshot.CheckReadiness();
        Assert.True(report.IsReady, string.Join("; ", report));
        Assert.Equal([FindingIds.QemuMissing], report.Select(finding => finding.Id));
    }
}
