using Passthrough.Sdk;
using Passthrough.Sdk.Readiness;
using Passthrough.Sdk.Testing;
using Xunit;

public sealed class NicTests
{
    [Fact]
    public async Task The_NIC_is_alone_in_its_group_and_can_be_assigned()
    {
        await using var host = await VirtualHost.StartAsync(o => o.Iommu = VirtualIommu.Vtd);
        (await host.RunAsync("modprobe", "vfio-pci")).EnsureSuccess();

        await host.RunAsync(() =>
        {
            var snapshot = PassthroughHost.Local().Capture();
            Assert.Single(snapshot.IommuGroups, group => group.Devices is [var only] && only == VirtualHardware.Nic);
            Assert.NotEqual(false, snapshot.CheckDevice(VirtualHardware.Nic).IsReady);
        });
    }
}
