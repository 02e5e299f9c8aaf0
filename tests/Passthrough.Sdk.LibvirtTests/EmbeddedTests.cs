using Passthrough.Sdk.Libvirt;
using Passthrough.Sdk.TestSupport;

namespace Passthrough.Sdk.LibvirtTests;

/// <summary>The real QEMU driver with a real QEMU, on a machine without an IOMMU.</summary>
public sealed class EmbeddedTests(Embedded embedded)
{
    private const string Rng = "<rng model='virtio'><backend model='random'>/dev/urandom</backend><alias name='ua-rng'/></rng>";
    private const string Ports = "<controller type='pci' model='pcie-root'/>"
        + "<controller type='pci' model='pcie-root-port'/><controller type='pci' model='pcie-root-port'/><controller type='usb' model='none'/><memballoon model='none'/>";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private LibvirtConnection Libvirt => embedded.Libvirt;

    [Fact]
    public void The_driver_says_what_it_is_and_can()
    {
        Assert.Equal("QEMU", Libvirt.GetDriverType());
        Assert.True(Libvirt.GetHypervisorVersion().Major >= 4);
        var xml = Libvirt.GetDomainCapabilities(architecture: "x86_64", machine: "q35", virtualizationType: "qemu");
        Assert.Contains("<hostdev supported=", xml, StringComparison.Ordinal);
        var error = Assert.Throws<LibvirtException>(() => Libvirt.GetDomainCapabilities(architecture: "pdp11"));
        Assert.Equal(LibvirtErrorCode.InvalidArg, error.Code);
    }

    [Fact]
    public void A_hostdev_on_a_host_without_an_iommu_is_code_67()
    {
        RequireNoIommu();
        using var domain = Libvirt.DefineDomain(Xml.Domain("qemu", "no-iommu", Xml.Hostdev()));
        try
        {
            var error = Assert.Throws<LibvirtException>(() => domain.Start());
            Assert.Equal(67, (int)error.Code);
            Assert.Equal(LibvirtErrorCode.ConfigUnsupported, error.Code);
            Assert.Equal(LibvirtErrorDomain.Qemu, error.Domain);
            Assert.Equal("unsupported configuration: host doesn't support passthrough of host PCI devices", error.NativeMessage);
            Assert.Equal("host doesn't support passthrough of host PCI devices", error.Detail);
            Assert.Contains("'no-iommu'", error.Message, StringComparison.Ordinal);
            Assert.False(domain.IsActive());
        }
        finally
        {
            domain.Undefine();
        }
    }

    [Fact]
    public async Task A_device_comes_at_once_and_leaves_only_when_the_guest_agrees()
    {
        using var domain = Libvirt.DefineDomain(Xml.Domain("qemu", "hotplug", Ports));
        var before = domain.GetXml(DomainXmlOptions.Inactive);
        await domain.StartAsync(cancellationToken: Cancel);
        Assert.Equal(DomainState.Running, domain.GetState());
        Assert.Contains(domain.GetMessages()!.Value, message => message.Contains("privileges", StringComparison.Ordinal));
        try
        {
            using var events = Libvirt.SubscribeDomainEvents();
            await domain.AttachDeviceAsync(Rng, DeviceAffect.Live, Cancel);
            Assert.Equal(new LibvirtDeviceEvent("hotplug", domain.Uuid, DeviceChange.Added, "ua-rng"), await First<LibvirtDeviceEvent>(events));
            Assert.Contains("<alias name='ua-rng'/>", domain.GetXml(), StringComparison.Ordinal);
            Assert.Equal(before, domain.GetXml(DomainXmlOptions.Inactive));

            // No operating system is there to agree.
            using var watch = domain.WatchDeviceRemoval("ua-rng");
            domain.DetachDeviceAlias("ua-rng", DeviceAffect.Live);
            Assert.Equal(DeviceRemoval.TimedOut, await watch.WaitAsync(TimeSpan.FromMilliseconds(100), Cancel));
            Assert.Contains("<alias name='ua-rng'/>", domain.GetXml(), StringComparison.Ordinal);

            await domain.DestroyAsync(cancellationToken: Cancel);
            Assert.Equal(DeviceRemoval.DomainStopped, await watch.WaitAsync(Timeout.InfiniteTimeSpan, Cancel));
        }
        finally
        {
            domain.Undefine();
        }
    }

    [Fact]
    public void A_device_of_the_definition_comes_and_goes_byte_for_byte()
    {
        using var domain = Libvirt.DefineDomain(Xml.Domain("qemu", "config", Ports));
        try
        {
            var before = domain.GetXml(DomainXmlOptions.Inactive);
            domain.AttachDevice(Rng, DeviceAffect.Config);
            var with = domain.GetXml(DomainXmlOptions.Inactive);
            Assert.Contains("<alias name='ua-rng'/>", with, StringComparison.Ordinal);
            domain.DetachDeviceAlias("ua-rng", DeviceAffect.Config);
            Assert.Equal(before, domain.GetXml(DomainXmlOptions.Inactive));

            Assert.Equal(LibvirtErrorCode.OperationInvalid, Assert.Throws<LibvirtException>(() => domain.AttachDevice(Rng, DeviceAffect.Live)).Code);
            Assert.Equal(LibvirtErrorCode.DeviceMissing, Assert.Throws<LibvirtException>(() => domain.DetachDevice(Xml.Hostdev(), DeviceAffect.Config)).Code);
            Assert.ThrowsAny<LibvirtException>(() => domain.DetachDeviceAlias("ua-none", DeviceAffect.Config));
        }
        finally
        {
            domain.Undefine();
        }
    }

    private static void RequireNoIommu() => Prerequisite.Require(
        !Directory.Exists("/sys/kernel/iommu_groups") || !Directory.EnumerateFileSystemEntries("/sys/kernel/iommu_groups").Any(),
        "a machine without an IOMMU");

    private static async Task<T> First<T>(LibvirtSubscription<LibvirtDomainEvent> events)
    {
        await foreach (var happened in events.WithCancellation(Cancel))
        {
            if (happened is T found)
            {
                return found;
            }
        }

        throw new InvalidOperationException("the subscription ended");
    }
}
