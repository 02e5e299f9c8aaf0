using Passthrough.Sdk.Hostdev;
using Passthrough.Sdk.Hostdev.Domains;

namespace Passthrough.Sdk.Tests.Hostdev;

public sealed class DomainSettingsTests
{
    private const string Domain = """
        <domain type='kvm'>
          <name>vm &amp; 1</name>
          <metadata><m:x xmlns:m='urn:m'/></metadata>
          <memory unit='GiB'>2</memory>
          <memtune><hard_limit unit='M'>4096</hard_limit></memtune>
          <memoryBacking><hugepages/><source type='memfd'/><locked/></memoryBacking>
          <os><type arch='x86_64' machine='q35'>hvm</type><boot dev='hd'/></os>
          <features><ioapic driver='qemu'/><kvm><hidden state='on'/></kvm><hyperv><vendor_id state='on' value='abc'/></hyperv></features>
          <cpu mode='host-passthrough'/>
          <iommufd enabled='yes' fdgroup='g'/>
          <devices>
            <iommu model='intel'><driver intremap='on' caching_mode='on' aw_bits='48'/></iommu>
            <iommu model='amd'/>
          </devices>
        </domain>
        """;

    [Fact]
    public void Everything_a_plan_needs_is_read()
    {
        var settings = DomainDocument.Parse(Domain).Settings;
        Assert.Equal(("kvm", "vm & 1", "x86_64", "q35"), (settings.Type, settings.Name, settings.Architecture, settings.Machine));
        Assert.Equal(2UL << 30, settings.MemoryBytes);
        Assert.Equal(4UL << 30, settings.HardLimitBytes);
        Assert.True(settings is { MemoryLocked: true, HugePages: true, MemorySource: "memfd", HasOsBoot: true, KvmHidden: true, Iommufd: true });
        Assert.Equal(("abc", "qemu", "host-passthrough", "g"), (settings.HypervVendorId, settings.IoapicDriver, settings.CpuMode, settings.IommufdGroup));
        Assert.Equal("<metadata><m:x xmlns:m='urn:m'/></metadata>", settings.Metadata);
        Assert.Equal(["intel", "amd"], settings.Iommus.Select(i => i.Model));
        Assert.True(settings.Iommus[0] is { InterruptRemapping: true, CachingMode: true, AddressBits: 48, DeviceIotlb: null });
    }

    [Fact]
    public void What_an_iommu_is_told_is_typed_and_the_rest_kept()
    {
        const string Devices = """
            <iommu model='intel'><driver eim='on' iotlb='off' dma_translation='off'/></iommu>
            <iommu model='amd'><driver passthrough='on' xtsup='off'/><address type='pci' slot='1'/></iommu>
            <iommu model='smmuv3'><driver pciBus='3' accel='on' oas='48'/></iommu>
            <iommu model='virtio'><driver><granule size='4' unit='KiB'/></driver></iommu>
            """;
        var iommus = DomainDocument.Parse($"<domain><devices>{Devices}</devices></domain>").Settings.Iommus;
        Assert.True(iommus[0] is { ExtendedInterruptMode: true, DeviceIotlb: false, DmaTranslation: false, PciController: null, UnknownInDriver: null });
        Assert.True(iommus[1] is { Passthrough: true, X2Apic: false, UnknownInDriver: null });
        Assert.Equal(3u, iommus[2].PciController);
        Assert.Equal([new("accel", "on"), new("oas", "48")], iommus[2].UnknownInDriver!.Attributes);
        Assert.Equal(["<granule size='4' unit='KiB'/>"], iommus[3].UnknownInDriver!.Elements);
    }

    [Fact]
    public void Several_lists_of_devices_are_read_as_one()
    {
        var settings = DomainDocument.Parse("""
            <domain>
              <devices><controller type='pci' index='0' model='pci-root'/><video><address type='pci' slot='2'/></video></devices>
              <devices><controller type='pci' index='1' model='pci-bridge'/><iommu model='intel'/><rng><address type='pci' slot='3'/></rng></devices>
            </domain>
            """).Settings;
        Assert.Equal([0u, 1u], settings.PciControllers.Select(c => c.Index));
        Assert.Equal([2, 3], settings.PciAddressesInUse.Select(a => (int)a.Slot));
        Assert.Single(settings.Iommus);
    }

    [Fact]
    public void What_is_not_said_is_null()
    {
        var settings = DomainDocument.Parse("<domain/>").Settings;
        Assert.True(settings is { Name: null, Uuid: null, MemoryBytes: null, HardLimitBytes: null, Iommufd: null, CpuMode: null, Metadata: null });
        Assert.Empty(settings.PciControllers);
    }

    [Fact]
    public void Settings_are_changed_in_place()
    {
        var document = DomainDocument.Parse("<domain>\n  <features>\n    <acpi/>\n  </features>\n</domain>");
        var hidden = document.WithKvmHidden().WithHypervVendorId("a'b").WithHardLimit((1UL << 30) + 1).WithLockedMemory().WithIommufd(true);
        Assert.True(hidden.Settings is { KvmHidden: true, HypervVendorId: "a'b", HardLimitBytes: (1UL << 30) + 1024, MemoryLocked: true, Iommufd: true });
        Assert.Contains("    <acpi/>\n    <kvm>\n      <hidden state='on'/>\n    </kvm>\n    <hyperv>", hidden.ToString(), StringComparison.Ordinal);
        Assert.Same(hidden, hidden.WithKvmHidden());
        Assert.Equal(2UL << 20, hidden.WithHardLimit(2 << 20).Settings.HardLimitBytes);
        Assert.False(hidden.WithIommufd(false).Settings.Iommufd);
        Assert.Throws<LibvirtXmlException>(() => document.WithHypervVendorId("longer than 12 characters"));
    }

    [Theory]
    [InlineData("<memory unit='furlong'>1</memory>")]
    [InlineData("<memory>x</memory>")]
    [InlineData("<memory unit='TiB'>18446744073709551615</memory>")]
    public void A_memory_size_that_is_none_is_refused(string memory) =>
        Assert.Throws<LibvirtXmlException>(() => DomainDocument.Parse($"<domain>{memory}</domain>").Settings);
}
