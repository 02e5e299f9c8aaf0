using Moq;
using Passthrough.Sdk;
using Passthrough.Sdk.Libvirt;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Plans;
using Passthrough.Sdk.Testing;
using Xunit;

/// <summary>A user's tests: no root, no libvirt, no device.</summary>
public sealed class NicMoverTests : IDisposable
{
    private readonly FakeHost _fake = FakeHost.Create()
        .AddSystem()
        .AddPciBridge("0000:00:1c.0", secondaryBus: 1, iommuGroup: 8)
        .AddPciDevice("0000:01:00.0", vendor: 0x8086, device: 0x10d3, driver: "e1000e", iommuGroup: 9, parent: "0000:00:1c.0")
        .AddPciDevice("0000:01:00.1", vendor: 0x8086, device: 0x10d3, driver: "e1000e", iommuGroup: 10, parent: "0000:00:1c.0")
        .AddNetworkInterface("0000:01:00.0", "enp1s0f0", "192.0.2.10/24")
        .AddNetworkInterface("0000:01:00.1", "enp1s0f1");

    private readonly FakeLibvirt _libvirt;

    public NicMoverTests() => _libvirt = new(_fake);

    public void Dispose() => _fake.Dispose();

    [Fact]
    public async Task The_NIC_that_the_host_uses_stays_and_the_other_one_goes()
    {
        var guest = _libvirt.AddDomain("vm1", isRunning: true);

        var moved = await new NicMover(_fake.Open(), _libvirt).MoveAsync("vm1", TestContext.Current.CancellationToken);

        Assert.Equal(PciAddress.Parse("0000:01:00.1"), moved);
        Assert.Equal(("e1000e", "vfio-pci"), (_fake.DriverOf("0000:01:00.0"), _fake.DriverOf("0000:01:00.1")));
        Assert.Equal([moved!.Value], guest.GetDocument().PciAddresses);
    }

    [Fact]
    public async Task Where_libvirt_fails_in_the_middle_everything_is_as_before()
    {
        var guest = _libvirt.AddDomain("vm1", isRunning: true);
        var before = guest.GetXml(DomainXmlOptions.Inactive);
        var calls = 0;
        _libvirt.Calling = call =>
        {
            if (call == "virDomainAttachDeviceFlags" && ++calls == 2)
            {
                throw FakeLibvirt.Error(LibvirtErrorCode.InternalError, "internal error: QEMU said no");
            }
        };

        var failure = await Assert.ThrowsAsync<PlanFailedException>(
            () => new NicMover(_fake.Open(), _libvirt).MoveAsync("vm1", TestContext.Current.CancellationToken));

        Assert.Contains("QEMU said no", failure.Message);
        Assert.Empty(failure.NotUndone);
        Assert.Equal("e1000e", _fake.DriverOf("0000:01:00.1"));
        Assert.Equal(before, guest.GetXml(DomainXmlOptions.Inactive));
        Assert.DoesNotContain("<hostdev", guest.GetXml());
    }

    [Fact]
    public async Task With_Moq_alone_a_host_without_NICs_asks_libvirt_for_nothing_but_the_domain()
    {
        using var empty = FakeHost.Create();
        var host = new Mock<IPassthroughHost>();
        host.Setup(each => each.Capture(null)).Returns(PassthroughHost.At(empty.Root).Capture());
        var libvirt = new Mock<ILibvirtConnection>(MockBehavior.Strict);
        libvirt.Setup(each => each.GetDomain("vm1")).Returns(Mock.Of<ILibvirtDomain>());

        Assert.Null(await new NicMover(host.Object, libvirt.Object).MoveAsync("vm1", TestContext.Current.CancellationToken));
    }
}
