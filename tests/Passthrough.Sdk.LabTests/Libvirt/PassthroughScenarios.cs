using Passthrough.LabTests.Lab;
using Passthrough.Sdk.Libvirt;
using Passthrough.Sdk.Pci;

namespace Passthrough.LabTests.Libvirt;

/// <summary>What libvirt does with a real device, the same with either IOMMU.</summary>
public abstract class PassthroughScenarios : IDisposable
{
    private readonly LibvirtConnection _libvirt;

    protected PassthroughScenarios()
    {
        Shell.Run("modprobe vfio-pci");
        _libvirt = LibvirtConnection.Open("qemu:///system");
    }

    public void Dispose()
    {
        _libvirt.Dispose();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task A_NIC_is_attached_live_seen_by_event_and_given_back_when_the_domain_stops()
    {
        using var guest = new Guest(_libvirt, "live");
        await guest.Domain.StartAsync();
        using var events = _libvirt.SubscribeDomainEvents();
        await guest.Domain.AttachDeviceAsync(Guest.Hostdev(Guest.Nic), DeviceAffect.Live);
        Assert.Equal("vfio-pci", Guest.DriverOf(Guest.Nic));
        Assert.Equal(new LibvirtDeviceEvent("live", guest.Domain.Uuid, DeviceChange.Added, "ua-nic"), await FirstDeviceEvent(events));
        Assert.Contains("<alias name='ua-nic'/>", guest.Domain.GetXml(), StringComparison.Ordinal);
        Assert.DoesNotContain("ua-nic", guest.Domain.GetXml(DomainXmlOptions.Inactive), StringComparison.Ordinal);

        // No operating system is there to agree to an unplug.
        using var watch = guest.Domain.WatchDeviceRemoval("ua-nic");
        guest.Domain.DetachDeviceAlias("ua-nic", DeviceAffect.Live);
        Assert.Equal(DeviceRemoval.TimedOut, await watch.WaitAsync(TimeSpan.FromSeconds(1)));
        guest.Domain.Destroy();
        Assert.Equal(DeviceRemoval.DomainStopped, await watch.WaitAsync(TimeSpan.FromSeconds(60)));
        Assert.Equal("e1000e", Guest.DriverOf(Guest.Nic));
    }

    [Fact]
    public void A_NIC_in_a_domain_is_refused_to_another_by_name()
    {
        using var first = new Guest(_libvirt, "first", Guest.Hostdev(Guest.Nic));
        using var second = new Guest(_libvirt, "second", Guest.Hostdev(Guest.Nic));
        first.Domain.Start();
        var error = Assert.Throws<LibvirtException>(() => second.Domain.Start());
        Assert.Equal(LibvirtErrorCode.OperationInvalid, error.Code);
        Assert.Contains("in use by driver QEMU, domain first", error.NativeMessage, StringComparison.Ordinal);

        using var nic = _libvirt.GetNodeDevice(Guest.Nic);
        Assert.Throws<LibvirtException>(nic.ReAttach);
        Assert.Equal("vfio-pci", Guest.DriverOf(Guest.Nic));
    }

    [Fact]
    public void A_node_device_is_detached_reset_and_reattached()
    {
        using var nic = _libvirt.GetNodeDevice(Guest.Nic);
        Assert.Equal("pci_0000_01_00_0", nic.Name);
        Assert.StartsWith("pci_0000_00_", nic.GetParent(), StringComparison.Ordinal);
        Assert.Contains("<name>e1000e</name>", nic.GetXml(), StringComparison.Ordinal);
        Assert.Contains("<iommuGroup number=", nic.GetXml(), StringComparison.Ordinal);
        nic.Detach();
        Assert.Equal("vfio-pci", Guest.DriverOf(Guest.Nic));
        nic.Reset();
        nic.ReAttach();
        Assert.Equal("e1000e", Guest.DriverOf(Guest.Nic));
    }

    [Fact]
    public void Unmanaged_and_still_on_its_driver_is_refused_until_it_is_detached()
    {
        using var guest = new Guest(_libvirt, "unmanaged", Guest.Hostdev(Guest.Nic, managed: false));
        var error = Assert.Throws<LibvirtException>(() => guest.Domain.Start());
        Assert.Equal(LibvirtErrorCode.OperationInvalid, error.Code);
        Assert.Contains("must be manually detached from the host", error.NativeMessage, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0000:00:10.0")] // a PCIe root port
    [InlineData("0000:09:00.0")] // nothing
    public void A_bridge_and_a_device_that_is_not_there_are_refused(string address)
    {
        using var guest = new Guest(_libvirt, "wrong", Guest.Hostdev(PciAddress.Parse(address)));
        Assert.Throws<LibvirtException>(() => guest.Domain.Start());
        Assert.False(guest.Domain.IsActive());
    }

    [Fact]
    public void The_node_devices_are_those_of_the_kernel()
    {
        var expected = Directory.GetDirectories("/sys/bus/pci/devices").Select(path => PciAddress.Parse(Path.GetFileName(path)).NodeDeviceName);
        Assert.Equal(expected.Order(StringComparer.Ordinal), _libvirt.GetNodeDevices().Select(NameOf).Order(StringComparer.Ordinal));

        static string NameOf(ILibvirtNodeDevice device)
        {
            using (device)
            {
                return device.Name;
            }
        }
    }

    private static async Task<LibvirtDeviceEvent> FirstDeviceEvent(LibvirtSubscription<LibvirtDomainEvent> events)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        await foreach (var happened in events.WithCancellation(limit.Token))
        {
            if (happened is LibvirtDeviceEvent device)
            {
                return device;
            }
        }

        throw new InvalidOperationException("the subscription ended");
    }
}
