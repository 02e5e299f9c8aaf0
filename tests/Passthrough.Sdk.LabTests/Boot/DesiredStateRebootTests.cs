using Passthrough.LabTests.Lab;
using Passthrough.Sdk.Pci;

namespace Passthrough.LabTests.Boot;

/// <summary>
/// A fresh host whose IOMMU is switched off converges with one document and one reboot: the kernel parameters and rule files are prepared,
/// virtual functions are created, and the bindings wait for the IOMMU.
/// </summary>
public sealed class DesiredStateRebootTests
{
    private const string File = "/run/state.json";
    private const string Document = """
        {
          "version": 1,
          "devices": [ { "select": { "address": "0000:01:00.0", "vendor": "8086" } } ],
          "virtualFunctions": [ { "select": { "address": "0000:02:00.0" }, "count": 2, "probeDrivers": false, "driver": "vfio-pci" } ],
          "parameters": [ { "parameter": "intel_iommu=off", "ensure": "absent" }, { "parameter": "iommu=pt" } ]
        }
        """;

    private static readonly PciAddress FirstFunction = PciAddress.Parse("0000:02:00.1");

    [Fact, LabHost(Iommu.Vtd, Parameters = "quiet intel_iommu=off", Own = "stated")]
    public void What_needs_the_IOMMU_is_prepared_and_waits_for_the_reboot()
    {
        InstalledHost.Make("quiet intel_iommu=off");
        System.IO.File.WriteAllText(File, Document);

        var output = InstalledHost.Run($"state apply {File}");
        Assert.Contains("after a reboot: bind 0000:01:00.0 to vfio-pci", output, StringComparison.Ordinal);
        Assert.Contains("takes effect with a reboot: the kernel parameter intel_iommu=off is gone", output, StringComparison.Ordinal);

        Assert.Equal(("e1000e", null), (Device.DriverOf(Device.Nic), Device.DriverOf(FirstFunction)));
        Assert.Equal("2", Shell.Run("cat /sys/bus/pci/devices/0000:02:00.0/sriov_numvfs"));
        Assert.DoesNotContain("intel_iommu=off", InstalledHost.Menu, StringComparison.Ordinal);
        Assert.Contains("iommu=pt", InstalledHost.Menu, StringComparison.Ordinal);
        Assert.Contains("nothing can be done now", InstalledHost.Run($"state apply {File}"), StringComparison.Ordinal);
        InstalledHost.KeepForTheNextBoot();
    }

    [Fact, LabHost(Iommu.Vtd, NextBootOf = "stated")]
    public void After_the_reboot_the_host_is_as_the_document_says()
    {
        Assert.Equal(("vfio-pci", "vfio-pci"), (Device.DriverOf(Device.Nic), Device.DriverOf(FirstFunction)));
        InstalledHost.Make("quiet iommu=pt");
        System.IO.File.WriteAllText(File, Document);

        Assert.StartsWith("the host is as the document says", InstalledHost.Run($"state check {File}"), StringComparison.Ordinal);
        Assert.Contains("nothing to do", InstalledHost.Run($"state apply {File}"), StringComparison.Ordinal);
    }
}
