using Passthrough.LabTests.Lab;
using Passthrough.Sdk;
using Passthrough.Sdk.Assignment;
using Passthrough.Sdk.Hostdev;
using Passthrough.Sdk.Readiness;

namespace Passthrough.LabTests.Readiness;

/// <summary>
/// IOMMUFD, which a libvirt of this age can ask for and Debian's kernels do not have: known before the attempt, and from the error after it.
/// </summary>
[LabHost(Iommu.Vtd, Igb = true)]
public sealed class IommufdTests
{
    [Fact]
    public void A_domain_that_asks_for_it_is_named_before_it_starts_and_its_error_is_explained()
    {
        Shell.Run("modprobe vfio-pci");
        using var vm = LabDomain.Define("newer", devices:
            "<hostdev mode='subsystem' type='pci' managed='yes'><driver iommufd='yes'/><source><address domain='0x0000' bus='0x01' slot='0x00' function='0x0'/></source></hostdev>");

        var (code, said, _) = Shell.Try($"{CommandLine.Program} doctor {Device.Nic} --connect qemu:///system");

        Assert.Equal(1, code);
        Assert.Contains("error: newer asks for IOMMUFD, and /dev/iommu does not exist [vfio.iommufd-missing]", said, StringComparison.Ordinal);
        Assert.Contains("CONFIG_IOMMUFD=(not set)", said, StringComparison.Ordinal);
        Assert.Contains("remove iommufd from newer", said, StringComparison.Ordinal);
        Assert.Contains("warning: newer asks for IOMMUFD", Shell.Try($"{CommandLine.Program} doctor --connect qemu:///system").Output, StringComparison.Ordinal);

        var (failed, _, message) = Shell.Try("virsh start newer");
        Assert.NotEqual(0, failed);
        TestContext.Current.TestOutputHelper?.WriteLine(message);
        File.WriteAllText("/run/lab/message", message);
        Assert.Contains("[vfio.iommufd-missing]", Shell.Run($"{CommandLine.Program} explain - </run/lab/message"), StringComparison.Ordinal);
        Assert.Equal("e1000e", Device.DriverOf(Device.Nic));
    }

    [Fact]
    public void A_plan_that_would_ask_for_it_is_refused_and_one_that_does_not_is_not()
    {
        Shell.Run("modprobe vfio-pci");
        using var vm = LabDomain.Define("planned");
        var host = PassthroughHost.Local();

        var plan = host.Plan(
            new AssignmentRequest(Device.Nic) { Elements = [new PciHostDevice { Address = Device.Nic, Driver = new HostDriver { Iommufd = true } }] }, vm.Domain);

        Assert.True(plan.IsRefused);
        Assert.Contains(plan.Findings, finding => finding is { Id: FindingIds.VfioIommufdMissing, Severity: FindingSeverity.Error });
        Assert.False(host.Plan([Device.Nic], vm.Domain).IsRefused);
    }
}
