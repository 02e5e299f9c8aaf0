using Passthrough.LabTests.Lab;

namespace Passthrough.LabTests;

/// <summary>The README's program, run as printed.</summary>
[LabHost(Iommu.Vtd)]
public sealed class FrontPageTests
{
    [Fact]
    public void The_program_on_the_front_page_gives_the_NIC_to_vm1()
    {
        Shell.Run("modprobe vfio-pci");
        using var vm = LabDomain.Define("vm1");
        vm.Domain.Start();

        var output = Shell.Run(Repository.PathOf("artifacts/front-page/FrontPage"));

        Assert.Contains("plug it into the running vm1", output, StringComparison.Ordinal);
        Assert.Contains("10d3", Shell.Run("virsh qemu-monitor-command vm1 --hmp 'info pci'"), StringComparison.Ordinal);
        vm.Domain.Destroy();
        Assert.Equal("e1000e", Device.DriverOf(Device.Nic));
    }
}
