using System.Xml.Linq;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Libvirt;
using Passthrough.Sdk.Tests;

namespace Passthrough.Sdk.LibvirtTests;

/// <summary>A host as the real libvirt describes it, through its test driver.</summary>
public sealed class LibvirtHostTests
{
    [Fact]
    public void The_default_host_has_no_PCI_function_and_no_IOMMU()
    {
        using var libvirt = TestDriver.Open();

        var snapshot = LibvirtHost.Capture(libvirt);

        Assert.Equal("test:///default", snapshot.Source);
        Assert.Empty(snapshot.Devices.AsEnumerable());
        Assert.Empty(snapshot.Unread);
        Assert.Equal(FactState.Known, snapshot.IommuGroups.State);
        Assert.Equal("i686", snapshot.System.Cpu.Architecture.Value);
        Assert.Equal(6L << 30, snapshot.System.Memory.Total.Value);
        Assert.True(snapshot.System.Kernel.CommandLine.IsUnknown);
    }

    [Fact]
    public void A_host_of_a_definition_file_has_its_functions_and_what_hangs_on_them()
    {
        var file = Path.Combine(Path.GetTempPath(), $"{Path.GetRandomFileName()}.xml");
        File.WriteAllText(file, """
            <node>
              <device><name>computer</name><capability type='system'><hardware><vendor>Maker</vendor><serial>1</serial><uuid>12345678-1234-1234-9596-a088b277d677</uuid></hardware><firmware><vendor>Maker</vendor><version>1</version><release_date>01/01/2026</release_date></firmware></capability></device>
              <device><name>pci_0000_05_00_0</name><parent>computer</parent>
                <capability type='pci'><class>0x020000</class><domain>0</domain><bus>5</bus><slot>0</slot><function>0</function>
                  <product id='0x1521'>I350</product><vendor id='0x8086'>Intel Corporation</vendor>
                  <iommuGroup number='7'><address domain='0x0000' bus='0x05' slot='0x00' function='0x0'/></iommuGroup></capability></device>
              <device><name>net_eth5</name><parent>pci_0000_05_00_0</parent>
                <capability type='net'><interface>eth5</interface><address>02:00:00:00:00:05</address></capability></device>
            </node>
            """);
        try
        {
            TestDriver.Require();
            using var libvirt = LibvirtConnection.Open($"test://{file}");

            var snapshot = LibvirtHost.Capture(libvirt);

            var device = Assert.Single(snapshot.Devices.AsEnumerable());
            Assert.Equal(("0000:05:00.0 8086:1521 [020000]", 7), (device.ToString(), device.IommuGroupId));
            Assert.Equal("eth5", Assert.Single(snapshot.System.Usage[device.Address].NetworkInterfaces.Value).Name);
            Assert.Equal(1, snapshot.System.Iommu.GroupCount.Value);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Theory]
    [InlineData("libvirt-nodedevschemadata.test.xml")]
    [InlineData("virt-manager-nodedevs.test.xml")]
    public void Hosts_of_others_have_every_function_that_libvirt_lists(string name)
    {
        var file = Path.Combine(Corpora.Require("derived"), name);
        TestDriver.Require();
        using var libvirt = LibvirtConnection.Open($"test://{file}");

        var snapshot = LibvirtHost.Capture(libvirt);

        // By another parser than the library's own; a function beyond 7 is no place, nor is a bus that libvirt does not know.
        var listed = libvirt.GetNodeDevices(NodeDeviceKinds.Any)
            .Select(device =>
            {
                using (device)
                {
                    return device.GetXml();
                }
            })
            .SelectMany(xml => XDocument.Parse(xml).Root!.Elements("capability").Where(capability => (string?)capability.Attribute("type") == "pci"))
            .Select(pci => ((string?)pci.Element("domain"), (string?)pci.Element("bus"), (string?)pci.Element("slot"), (string?)pci.Element("function")))
            .ToList();
        Assert.NotEmpty(listed);
        Assert.Equal(listed.Distinct().Count(place => place is { Item2.Length: <= 3, Item4.Length: 1 }), snapshot.Devices.Count);
        // Two of libvirt's own documents are made to be refused; they are no PCI functions, and are noted with libvirt's call as their source.
        Assert.Equal(listed.Count, snapshot.Devices.Count + snapshot.Unread.Count(unread => unread.Path.StartsWith("pci_", StringComparison.Ordinal)));
        Assert.All(snapshot.Devices.AsEnumerable(), device => Assert.NotNull(device.VendorId));
        Assert.NotEmpty(snapshot.System.Usage.Addresses);
    }
}
