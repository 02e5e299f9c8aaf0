using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Host;
using Passthrough.Sdk.Hostdev.Domains;
using Passthrough.Sdk.Libvirt;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Readiness;

namespace Passthrough.Sdk.Tests.Libvirt;

/// <summary>A host from libvirt's words for it, written for these tests in libvirt's form.</summary>
public sealed class LibvirtHostTests
{
    private const string Nic = "0000:03:00.0";

    [Fact]
    public void A_function_has_what_libvirt_says_and_null_for_the_rest()
    {
        var nic = Host()[Nic];

        Assert.Equal("020000", nic.ClassCode.ToString());
        Assert.Equal(((ushort?)0x8086, (ushort?)0x1528), (nic.VendorId, nic.DeviceId));
        Assert.Equal(("ixgbe", 21, 1), (nic.Driver, nic.IommuGroupId, nic.NumaNode));
        Assert.Equal([PciAddress.Parse("0000:03:10.0"), PciAddress.Parse("0000:03:10.2")], nic.VirtualFunctions);
        Assert.Null(nic.Revision);
        Assert.Null(nic.SubsystemVendorId);
        Assert.Null(nic.Details!.Bars);
        Assert.Null(nic.Details.ResetMethods);
        Assert.Null(nic.Details.MessageInterrupts);
        Assert.Null(nic.Details.Configuration);
    }

    [Fact]
    public void Link_bridges_virtual_functions_and_product_data_are_in_the_details()
    {
        var host = Host();

        var details = host[Nic].Details!;
        Assert.Equal((5.0, 4, 8.0, 8), (details.Link!.CurrentSpeed, details.Link.CurrentWidth, details.Link.MaxSpeed, details.Link.MaxWidth));
        Assert.Equal((63, 2), (details.Sriov!.TotalVirtualFunctions, details.Sriov.VirtualFunctions));
        Assert.Equal([PciAddress.Parse("0000:00:1c.0")], details.Bridges);
        Assert.Equal(("Adapter", "PN-7", "0042"), (details.VitalProductData!.Name, details.VitalProductData.PartNumber, details.VitalProductData.SerialNumber));
        Assert.Equal(["PN", "SN", "V0"], details.VitalProductData.ReadOnlyFields.Select(field => field.Keyword));

        var second = host["0000:03:10.2"];
        Assert.Equal(PciAddress.Parse(Nic), second.PhysicalFunction);
        Assert.Equal(1, second.Details!.VirtualFunctionIndex);
        Assert.Null(host["0000:00:1c.0"].Details!.Sriov);
    }

    [Fact]
    public void Mediated_devices_are_types_with_their_instances_and_members_of_groups()
    {
        var host = Host();

        var type = Assert.Single(host["0000:04:00.0"].Details!.MediatedDeviceTypes);
        Assert.Equal(("nvidia-222", "GRID", "vfio-pci", 15), (type.Id, type.Name, type.DeviceApi, type.AvailableInstances));
        Assert.Equal("a8a1a4d8-94b1-4a2f-8f6b-7f2e9d0f1c11", Assert.Single(type.Instances));
        Assert.True(host.Snapshot.IommuGroups.TryGet(40, out var group));
        Assert.Equal("a8a1a4d8-94b1-4a2f-8f6b-7f2e9d0f1c11", Assert.Single(group.OtherDevices));
    }

    [Fact]
    public void What_hangs_on_a_function_is_found_by_folder_and_by_parents()
    {
        var usage = Host().Snapshot.System.Usage;

        var net = Assert.Single(usage[PciAddress.Parse(Nic)].NetworkInterfaces.Value);
        Assert.Equal(("enp3s0", "02:00:00:00:00:01", "up"), (net.Name, net.HardwareAddress.Value, net.OperationalState.Value));
        var disk = Assert.Single(usage[PciAddress.Parse("0000:00:1f.2")].BlockDevices.Value);
        Assert.Equal(("sda", 1000L), (disk.Name, disk.Size.Value));
        Assert.Equal("host2", Assert.Single(usage[PciAddress.Parse("0000:00:1f.2")].ScsiHosts.Value));
        Assert.Equal("usb1", Assert.Single(usage[PciAddress.Parse("0000:00:14.0")].UsbBuses.Value));
        Assert.Equal("renderD128", Assert.Single(usage[PciAddress.Parse("0000:04:00.0")].DrmNodes.Value));
        Assert.True(usage[PciAddress.Parse("0000:00:1c.0")].NetworkInterfaces is { IsKnown: true, Value.IsEmpty: true });
        Assert.True(usage[PciAddress.Parse(Nic)].BlockDevices is { IsKnown: true, Value.IsEmpty: true });
        Assert.True(usage[PciAddress.Parse("0000:05:00.0")].BlockDevices is { IsUnknown: true, Reason: "libvirt does not list every disk" });
    }

    [Fact]
    public void What_libvirt_does_not_know_is_unknown_and_not_absent()
    {
        var system = Host().Snapshot.System;

        Assert.True(system.Firmware.Dmar.IsUnknown);
        Assert.True(system.Kernel.CommandLine is { IsUnknown: true, Source: "/proc/cmdline", Reason: "no data available" });
        Assert.True(system.Iommu.Units.IsUnknown);
        Assert.True(system.Usage[PciAddress.Parse(Nic)].SoundCards.IsUnknown);
        Assert.True(Assert.Single(system.Usage[PciAddress.Parse(Nic)].NetworkInterfaces.Value).IsInUse.IsUnknown);
        Assert.True(Assert.Single(system.Usage[PciAddress.Parse("0000:00:1f.2")].BlockDevices.Value).Mounts.IsUnknown);
    }

    [Fact]
    public void The_host_itself_is_what_capabilities_and_computer_say()
    {
        var system = Host().Snapshot.System;

        Assert.Equal(("x86_64", "GenuineIntel"), (system.Cpu.Architecture.Value, system.Cpu.Vendor.Value));
        Assert.True(system.Cpu.HasVirtualization is { IsKnown: true, Value: true });
        Assert.Equal(6144L * 1024, system.Memory.Total.Value);
        Assert.Equal(("Maker", "Machine"), (system.Environment.SystemVendor.Value, system.Environment.ProductName.Value));
        Assert.True(system.Iommu.IsActive is { IsKnown: true, Value: true });
    }

    [Theory]
    [InlineData("<iommu support='no'/>", FactState.Known)]
    [InlineData("", FactState.Unknown)]
    public void No_group_is_an_answer_only_where_libvirt_says_that_there_is_no_IOMMU(string iommu, FactState state)
    {
        var snapshot = LibvirtHost.Read("there", ["<device><name>computer</name><capability type='system'/></device>"],
            $"<capabilities><host><cpu><arch>x86_64</arch></cpu>{iommu}</host></capabilities>");

        Assert.Equal(state, snapshot.IommuGroups.State);
        Assert.Equal(state, snapshot.System.Iommu.GroupCount.State);
        Assert.True(snapshot.System.Cpu.HasVirtualization.IsUnknown);
    }

    [Theory]
    [InlineData("no")]
    [InlineData("yes")]
    public void Of_Xens_IOMMU_libvirt_says_nothing(string support)
    {
        var snapshot = LibvirtHost.Read("xen://there/system", ["<device><name>computer</name><capability type='system'/></device>"], $"""
            <capabilities>
              <host><cpu><arch>x86_64</arch></cpu><iommu support='{support}'/></host>
              <guest><os_type>xen</os_type><arch name='x86_64'><domain type='xen'/></arch></guest>
            </capabilities>
            """);

        Assert.Equal(FactState.Unknown, snapshot.IommuGroups.State);
        Assert.Equal(FactState.Unknown, snapshot.System.Iommu.GroupCount.State);
        Assert.Contains("pv_directio", snapshot.System.Iommu.GroupCount.Reason, StringComparison.Ordinal);
        Assert.True(snapshot.System.Iommu.IsActive.IsUnknown);
        Assert.Equal(HypervisorKind.Xen, snapshot.System.Environment.Hypervisor.Value);
        Assert.Equal(GuestKind.XenPv, snapshot.FittingGuest());

        var report = snapshot.CheckReadiness();
        Assert.DoesNotContain(report, finding => finding.Severity == FindingSeverity.Error);
        Assert.Contains(report, finding => finding is { Id: FindingIds.XenNoDirectIo, IsUndetermined: true });
    }

    [Fact]
    public void A_verdict_on_it_says_what_it_cannot_tell()
    {
        var report = Host().Snapshot.CheckDevices([PciAddress.Parse("0000:00:1f.2")]);

        Assert.Contains(report, finding => finding.IsUndetermined && finding.Id == FindingIds.DeviceHoldsMountedFileSystem);
        Assert.DoesNotContain(report, finding => finding.Id == FindingIds.IommuFirmwareTableMissing && !finding.IsUndetermined);
    }

    [Fact]
    public void What_cannot_be_understood_is_noted_and_the_rest_stands()
    {
        var snapshot = LibvirtHost.Read(
            "there",
            ["<device><name>a", "<device><name>b</name><capability type='pci'><domain>4294967295</domain></capability></device>", .. Devices, Devices[1]],
            "<other/>");

        Assert.Equal(Host().Snapshot.Devices.Count, snapshot.Devices.Count);
        Assert.Equal(4, snapshot.Unread.Count);
        Assert.Contains(snapshot.Unread, unread => unread is { Path: "b" });
    }

    [Fact]
    public void Parents_that_name_each_other_in_a_circle_end()
    {
        var snapshot = LibvirtHost.Read("there", [
            "<device><name>a</name><parent>b</parent><capability type='net'><interface>x</interface></capability></device>",
            "<device><name>b</name><parent>a</parent><capability type='net'><interface>y</interface></capability></device>"]);

        Assert.Empty(snapshot.System.Usage.Addresses);
    }

    [Fact]
    public void Every_node_device_of_libvirts_own_tests_has_its_place()
    {
        const string folder = "libvirt/nodedevschemadata";
        var documents = Directory.GetFiles(Corpora.Require(folder), "*.xml")
            .Where(file => !file.Contains("invalid", StringComparison.Ordinal)).Select(File.ReadAllText).Where(xml => xml.Contains("<device>", StringComparison.Ordinal)).ToList();

        var snapshot = LibvirtHost.Read(folder, documents);

        // libvirt's files repeat some addresses in many variants, and one says that its place is not known.
        var places = documents.Select(PlaceOf).OfType<string>().ToList();
        Assert.Equal(places.Where(place => PciAddress.TryParse(place, out _)).Distinct().Order(), snapshot.Devices.Select(device => device.Address.ToString()));
        Assert.Equal(places.Count, snapshot.Devices.Count + snapshot.Unread.Count);
    }

    // By another parser than the library's own.
    private static string? PlaceOf(string xml)
    {
        var pci = System.Xml.Linq.XDocument.Parse(xml).Root!.Elements("capability").FirstOrDefault(element => (string?)element.Attribute("type") == "pci");
        return pci is null ? null
            : $"{(long)pci.Element("domain")!:x4}:{(long)pci.Element("bus")!:x2}:{(long)pci.Element("slot")!:x2}.{(long)pci.Element("function")!:x}";
    }

    private static Found Host() => new(LibvirtHost.Read("there", Devices, Capabilities));

    private sealed record Found(HostSnapshot Snapshot)
    {
        public PciDevice this[string address] => Snapshot.Devices[PciAddress.Parse(address)];
    }

    private const string Capabilities = """
        <capabilities>
          <host>
            <cpu><arch>x86_64</arch><model>Skylake</model><vendor>Intel</vendor><feature name='vmx'/></cpu>
            <iommu support='yes'/>
            <topology><cells num='2'>
              <cell id='0'><memory unit='KiB'>2048</memory></cell><cell id='1'><memory unit='KiB'>4096</memory></cell>
            </cells></topology>
          </host>
        </capabilities>
        """;

    private static readonly string[] Devices =
    [
        "<device><name>computer</name><capability type='system'><product>Machine</product><hardware><vendor>Maker</vendor></hardware></capability></device>",
        """
        <device>
          <name>pci_0000_03_00_0</name><path>/sys/devices/pci0000:00/0000:00:1c.0/0000:03:00.0</path><parent>pci_0000_00_1c_0</parent>
          <driver><name>ixgbe</name></driver>
          <capability type='pci'>
            <class>0x020000</class><domain>0</domain><bus>3</bus><slot>0</slot><function>0</function>
            <product id='0x1528'>X540</product><vendor id='0x8086'>Intel Corporation</vendor>
            <capability type='virt_functions' maxCount='63'>
              <address domain='0x0000' bus='0x03' slot='0x10' function='0x0'/><address domain='0x0000' bus='0x03' slot='0x10' function='0x2'/>
            </capability>
            <capability type='vpd'><name>Adapter</name><fields access='readonly'>
              <part_number>PN-7</part_number><serial_number>0042</serial_number><vendor_field index='0'>x</vendor_field></fields></capability>
            <iommuGroup number='21'><address domain='0x0000' bus='0x03' slot='0x00' function='0x0'/></iommuGroup>
            <numa node='1'/>
            <pci-express><link validity='cap' port='0' speed='8' width='8'/><link validity='sta' speed='5' width='4'/></pci-express>
          </capability>
        </device>
        """,
        Function("pci_0000_03_10_0", 3, 16, 0, "<capability type='phys_function'><address domain='0x0000' bus='0x03' slot='0x00' function='0x0'/></capability>"),
        Function("pci_0000_03_10_2", 3, 16, 2, "<capability type='phys_function'><address domain='0x0000' bus='0x03' slot='0x00' function='0x0'/></capability>"),
        Function("pci_0000_00_1c_0", 0, 28, 0, "<capability type='pci-bridge'/>"),
        Function("pci_0000_00_1f_2", 0, 31, 2, ""),
        Function("pci_0000_05_00_0", 5, 0, 0, "").Replace("<domain>", "<class>0x010802</class><domain>", StringComparison.Ordinal),
        Function("pci_0000_00_14_0", 0, 20, 0, ""),
        Function("pci_0000_04_00_0", 4, 0, 0, "<capability type='mdev_types'><type id='nvidia-222'><name>GRID</name><deviceAPI>vfio-pci</deviceAPI><availableInstances>15</availableInstances></type></capability>"),
        "<device><name>net_enp3s0</name><path>/sys/devices/pci0000:00/0000:00:1c.0/0000:03:00.0/net/enp3s0</path><parent>pci_0000_03_00_0</parent><capability type='net'><interface>enp3s0</interface><address>02:00:00:00:00:01</address><link speed='10000' state='up'/><capability type='80203'/></capability></device>",
        "<device><name>scsi_host2</name><parent>pci_0000_00_1f_2</parent><capability type='scsi_host'><host>2</host></capability></device>",
        "<device><name>scsi_2_0_0_0</name><parent>scsi_host2</parent><capability type='scsi'><host>2</host></capability></device>",
        "<device><name>block_sda</name><parent>scsi_2_0_0_0</parent><capability type='storage'><block>/dev/sda</block><size>1000</size></capability></device>",
        "<device><name>usb_usb1</name><parent>pci_0000_00_14_0</parent><capability type='usb_device'><bus>1</bus><device>1</device></capability></device>",
        "<device><name>usb_1_4</name><parent>usb_usb1</parent><capability type='usb_device'><bus>1</bus><device>4</device></capability></device>",
        "<device><name>drm_renderD128</name><devnode type='link'>/dev/dri/by-path/x</devnode><devnode type='dev'>/dev/dri/renderD128</devnode><parent>pci_0000_04_00_0</parent><capability type='drm'><type>render</type></capability></device>",
        "<device><name>mdev_a8a1a4d8_94b1_4a2f_8f6b_7f2e9d0f1c11_0000_04_00_0</name><parent>pci_0000_04_00_0</parent><capability type='mdev'><type id='nvidia-222'/><iommuGroup number='40'/></capability></device>",
    ];

    private static string Function(string name, int bus, int slot, int function, string more) =>
        $"<device><name>{name}</name><parent>computer</parent><capability type='pci'><domain>0</domain><bus>{bus}</bus><slot>{slot}</slot><function>{function}</function><product id='0x1234'/><vendor id='0x8086'/>{more}</capability></device>";
}
