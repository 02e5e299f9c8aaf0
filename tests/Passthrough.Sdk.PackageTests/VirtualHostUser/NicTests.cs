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
            var snapshot = PassthroughHost.Local().Capture(new() { DetailsOf = [VirtualHardware.Nic], OpenHandles = true });
            Assert.Single(snapshot.IommuGroups, group => group.Devices is [var only] && only == VirtualHardware.Nic);
            Assert.True(snapshot.CheckDevice(VirtualHardware.Nic).IsReady);
        });
    }
}
