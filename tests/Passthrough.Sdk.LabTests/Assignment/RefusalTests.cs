using Passthrough.LabTests.Lab;
using Passthrough.Sdk;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Plans;
using Passthrough.Sdk.Readiness;

namespace Passthrough.LabTests.Assignment;

/// <summary>What a plan refuses before anything happens.</summary>
[LabHost(Iommu.Vtd)]
public sealed class RefusalTests
{
    [Theory]
    [InlineData("0000:09:00.0", FindingIds.DeviceNotFound)]
    [InlineData("0000:00:10.0", FindingIds.DeviceIsBridge)]
    [InlineData("0000:04:01.0", FindingIds.GroupNotViable)]
    public async Task A_plan_that_cannot_work_is_refused_with_its_cause(string address, string id)
    {
        Shell.Run("modprobe vfio-pci");
        using var vm = LabDomain.Define("refused");
        var before = vm.Definition;

        var plan = PassthroughHost.Local().Plan([PciAddress.Parse(address)], vm.Domain);

        Assert.Equal(id, plan.Findings[0].Id);
        Assert.Empty(plan.Steps);
        var error = await Assert.ThrowsAsync<PlanRefusedException>(() => plan.ApplyAsync(cancellationToken: TestContext.Current.CancellationToken));
        Assert.Equal(id, error.Findings[0].Id);
        Assert.Equal(before, vm.Definition);
    }

    [Fact]
    public async Task A_device_of_another_running_domain_is_refused_and_the_domain_is_named()
    {
        Shell.Run("modprobe vfio-pci");
        using var owner = LabDomain.Define("owner");
        await PassthroughHost.Local().Plan([Device.Nic], owner.Domain).ApplyAsync(cancellationToken: TestContext.Current.CancellationToken);
        owner.Domain.Start();
        using var other = LabDomain.Define("other");

        var finding = PassthroughHost.Local().Plan([Device.Nic], other.Domain).Findings[0];

        Assert.Equal(FindingIds.DeviceInUseByDomain, finding.Id);
        Assert.Contains("owner", finding.Title, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_whole_group_is_given_together()
    {
        Shell.Run("modprobe vfio-pci");
        using var vm = LabDomain.Define("group", freePorts: 3);
        var both = PassthroughHost.Local().Plan([Device.SharedNic, PciAddress.Parse("0000:04:02.0")], vm.Domain);
        Assert.False(both.IsRefused);
        await both.ApplyAsync(cancellationToken: TestContext.Current.CancellationToken);
        vm.Domain.Start();
        Assert.Equal("vfio-pci", Device.DriverOf(Device.SharedNic));
        vm.Domain.Destroy();
        Assert.Equal("e1000", Device.DriverOf(Device.SharedNic));
    }

    [Fact]
    public async Task A_whole_group_is_given_to_a_running_domain_and_comes_back_whole()
    {
        Shell.Run("modprobe vfio-pci");
        // Conventional PCI functions, as these are, go to a conventional bus.
        using var vm = LabDomain.Define("hotgroup", freePorts: 1, devices: "<controller type='pci' model='pcie-to-pci-bridge'/>");
        vm.Domain.Start();
        ValueList<PciAddress> both = [Device.SharedNic, PciAddress.Parse("0000:04:02.0")];
        await PassthroughHost.Local().Plan(both, vm.Domain).ApplyAsync(cancellationToken: TestContext.Current.CancellationToken);
        Assert.All(both, device => Assert.Equal("vfio-pci", Device.DriverOf(device)));
        vm.Domain.Destroy();
        await PassthroughHost.Local().PlanRelease(both, vm.Domain).ApplyAsync(cancellationToken: TestContext.Current.CancellationToken);
        Assert.All(both, device => Assert.Equal("e1000", Device.DriverOf(device)));
    }
}
