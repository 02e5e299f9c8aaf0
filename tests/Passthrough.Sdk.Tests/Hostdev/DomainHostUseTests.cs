using Passthrough.Sdk.Hostdev;
using Passthrough.Sdk.Hostdev.Domains;
using Passthrough.Sdk.Pci;

namespace Passthrough.Sdk.Tests.Hostdev;

/// <summary>What a domain takes of the host, whichever part of its XML says it.</summary>
public sealed class DomainHostUseTests
{
    private const string Qemu = "xmlns:qemu='http://libvirt.org/schemas/domain/qemu/1.0'";

    [Theory]
    [InlineData("<hostdev type='pci' managed='yes'><source><address bus='1'/></source></hostdev>", "Hostdev pci 0000:01:00.0 managed")]
    [InlineData("<hostdev type='usb'><source><vendor id='1'/><product id='1'/></source><address type='usb' bus='0' port='1'/></hostdev>", "Hostdev usb - unmanaged")]
    [InlineData("<hostdev type='mdev' model='vfio-pci'><source><address uuid='53764d0e-85a0-42b4-af5c-2046b460b1dc'/></source></hostdev>", "Hostdev mdev /sys/bus/mdev/devices/53764d0e-85a0-42b4-af5c-2046b460b1dc unmanaged")]
    [InlineData("<interface type='hostdev' managed='yes'><source><address type='pci' bus='1' function='1'/></source></interface>", "Interface pci 0000:01:00.1 managed")]
    [InlineData("<interface type='network'><source network='p'/><actual type='hostdev' managed='yes'><source><address type='pci' bus='1' function='2'/></source></actual></interface>", "Interface pci 0000:01:00.2 managed")]
    [InlineData("<interface type='vdpa'><source dev='/dev/vhost-vdpa-3'/></interface>", "Interface vdpa /dev/vhost-vdpa-3 unmanaged")]
    [InlineData("<disk type='nvme'><source type='pci' managed='yes' namespace='1'><address bus='4'/></source><target dev='vda'/></disk>", "Disk pci 0000:04:00.0 managed")]
    [InlineData("<disk type='file'><source file='/x'/><backingStore type='file'><source file='/y'/><backingStore type='nvme'><source type='pci' namespace='1'><address bus='4'/></source></backingStore></backingStore></disk>", "Disk pci 0000:04:00.0 unmanaged")]
    [InlineData("<disk type='file'><source file='/x'/><mirror type='nvme'><source type='pci' managed='no' namespace='1'><address bus='5'/></source></mirror></disk>", "Disk pci 0000:05:00.0 unmanaged")]
    [InlineData("<disk type='block'><source dev='/dev/nvme0n1'/></disk>", "")]
    [InlineData("<interface type='network'><source network='default'/></interface>", "")]
    [InlineData("<interface type='bridge'><source bridge='br0'/></interface>", "")]
    public void Every_element_that_takes_a_device_is_told(string device, string expected)
    {
        Assert.Equal(expected, Describe(DomainHostUse.ParseAll($"<domain><devices>{device}</devices></domain>")));
        Assert.Equal(expected, Describe(DomainHostUse.ParseAll(device)));
    }

    [Theory]
    [InlineData("-device|vfio-pci,host=0000:00:02.0,id=hostpci0,bus=pci.0,x-igd-lpc=on", "0000:00:02.0")]
    [InlineData("-device|vfio-pci,host=1:0.0", "0000:01:00.0")]
    [InlineData("-device|driver=vfio-pci,host=01:00.1", "0000:01:00.1")]
    [InlineData("-device|vfio-pci,romfile=/roms/a,,host=0000:09:00.0,host=02:00.0", "0000:02:00.0")]
    [InlineData("-device=vfio-pci,host=03:00.0", "0000:03:00.0")]
    [InlineData("-blockdev=driver=nvme,device=0000:04:00.3,namespace=1,node-name=n", "0000:04:00.3")]
    [InlineData("--device|vfio-pci,host=10000:e1:00.0", "10000:e1:00.0")]
    [InlineData("-device|{\"driver\":\"vfio-pci\",\"host\":\"0000:65:00.0\",\"id\":\"gpu\"}", "0000:65:00.0")]
    [InlineData("-device|{'driver':'vfio-pci','host':'0000:65:00.1'}", "0000:65:00.1")]
    [InlineData("-device|vfio-pci,sysfsdev=/sys/bus/pci/devices/0000:04:00.0", "0000:04:00.0")]
    [InlineData("-device|vfio-pci,sysfsdev=/sys/devices/pci0000:00/0000:00:01.0/0000:01:00.0/", "0000:01:00.0")]
    [InlineData("-device|vfio-pci,sysfsdev=/sys/bus/mdev/devices/53764d0e-85a0-42b4-af5c-2046b460b1dc", "/sys/bus/mdev/devices/53764d0e-85a0-42b4-af5c-2046b460b1dc")]
    [InlineData("-device|vfio-pci,id=nic|-set|device.nic.host=05:00.0", "0000:05:00.0")]
    [InlineData("-set|device.nic.host=05:00.0|-device|vfio-pci,id=nic,host=06:00.0", "0000:05:00.0")]
    [InlineData("-set|device.hostdev0.host=0000:07:00.0", "0000:07:00.0")]
    [InlineData("-device|pci-assign,host=08:00.0", "0000:08:00.0")]
    [InlineData("-drive|file=nvme://0000:04:00.0/1,if=none,id=d", "0000:04:00.0")]
    [InlineData("-blockdev|driver=nvme,device=0000:04:00.1,namespace=1,node-name=n", "0000:04:00.1")]
    [InlineData("-blockdev|{\"driver\":\"raw\",\"node-name\":\"r\",\"file\":{\"driver\":\"nvme\",\"device\":\"0000:04:00.2\",\"namespace\":1}}", "0000:04:00.2")]
    [InlineData("-netdev|type=vhost-vdpa,vhostdev=/dev/vhost-vdpa-0,id=v", "/dev/vhost-vdpa-0")]
    [InlineData("-netdev|vhost-vdpa,vhostdev=/dev/vhost-vdpa-1,id=v", "/dev/vhost-vdpa-1")]
    [InlineData("-device|vfio-pci,host=01:00.0|-device|vfio-pci,host=01:00.1", "0000:01:00.0 0000:01:00.1")]
    [InlineData("-device|ivshmem-plain,memdev=ivshmem,bus=pcie.0", "")]
    [InlineData("-device|virtio-net-pci,host_mtu=1500", "")]
    [InlineData("-device|vfio-pci", "")]
    [InlineData("-device", "")]
    [InlineData("-device|{broken", "")]
    [InlineData("-chardev|socket,id=c,host=localhost,port=1", "")]
    [InlineData("-netdev|user,id=u,hostfwd=tcp::2222-:22", "")]
    [InlineData("-append|host=01:00.0", "")]
    public void Arguments_for_QEMU_that_take_a_device_are_told(string arguments, string expected)
    {
        var elements = string.Concat(arguments.Split('|').Select(value => $"<qemu:arg value='{System.Security.SecurityElement.Escape(value)}'/>"));
        var uses = DomainHostUse.ParseAll($"<domain {Qemu}><devices/><qemu:commandline>{elements}</qemu:commandline></domain>");
        Assert.Equal(expected, string.Join(' ', uses.Select(use => use.Address?.ToString() ?? use.Path)));
        Assert.All(uses, use => Assert.Equal(HostUseForm.CommandLine, use.Form));
    }

    [Fact]
    public void The_prefix_does_not_matter_and_the_place_does()
    {
        const string arguments = "commandline><@arg value='-device'/><@arg value='vfio-pci,host=01:00.0'/></";
        static string Domain(string prefix, string declaration, string wrap) =>
            $"<domain {declaration}><name>a</name>{string.Format(System.Globalization.CultureInfo.InvariantCulture, wrap, $"<{prefix}{arguments.Replace("@", prefix, StringComparison.Ordinal)}{prefix}commandline>")}</domain>";
        Assert.Single(DomainHostUse.ParseAll(Domain("q:", "xmlns:q='http://libvirt.org/schemas/domain/qemu/1.0'", "{0}")));
        Assert.Empty(DomainHostUse.ParseAll(Domain("qemu:", "xmlns:qemu='http://example.org/'", "{0}")));
        Assert.Empty(DomainHostUse.ParseAll(Domain("qemu:", Qemu, "<devices>{0}</devices>")));
        Assert.Empty(DomainHostUse.ParseAll(Domain("", "", "{0}")));
    }

    [Fact]
    public void Properties_that_are_set_over_libvirts_own_are_told() => Assert.Equal(PciAddress.Parse("01:00.0"), DomainHostUse.ParseAll(
        $"<domain {Qemu}><devices/><qemu:override><qemu:device alias='ua-x'><qemu:frontend><qemu:property name='host' type='string' value='0000:01:00.0'/></qemu:frontend></qemu:device></qemu:override></domain>")[0].Address);

    [Theory]
    [InlineData("<qemu:device alias='ua-x'><qemu:frontend><qemu:property name='host' value='0000:01:00.0'/></qemu:frontend></qemu:device>", "0000:01:00.0 ua-x")]
    [InlineData("<qemu:device><qemu:frontend><qemu:property name='host' value='0000:01:00.0'/></qemu:frontend></qemu:device>", "0000:01:00.0 ")]
    [InlineData("<qemu:other alias='ua-x'><qemu:frontend><qemu:property name='host' value='0000:01:00.0'/></qemu:frontend></qemu:other>", "")]
    [InlineData("<qemu:device alias='ua-x'><qemu:frontend><qemu:other name='host' value='0000:01:00.0'/></qemu:frontend></qemu:device>", "")]
    [InlineData("<qemu:device alias='ua-x'><qemu:frontend><qemu:property name='host'/><qemu:property value='0000:01:00.0'/></qemu:frontend></qemu:device>", "")]
    public void An_override_is_read_with_the_alias_of_its_device(string overrides, string expected) =>
        Assert.Equal(expected, string.Join("; ", DomainHostUse.ParseAll($"<domain {Qemu}><devices/><qemu:override>{overrides}</qemu:override></domain>").Select(use => $"{use.Address} {use.Alias}")));

    [Theory]
    [InlineData("xmlns:q='http://example.org/'", "q:commandline xmlns:q='http://libvirt.org/schemas/domain/qemu/1.0'", 1)]
    [InlineData("xmlns:q='http://libvirt.org/schemas/domain/qemu/1.0'", "q:commandline xmlns:q='http://example.org/'", 0)]
    [InlineData("", "q:commandline xmlns:q='http://libvirt.org/schemas/domain/qemu/1.0'", 1)]
    [InlineData("xmlns:q='http://example.org/'", "commandline xmlns='http://libvirt.org/schemas/domain/qemu/1.0'", 1)]
    public void The_nearest_declaration_of_a_prefix_counts(string domain, string element, int expected)
    {
        var prefix = element.StartsWith("q:", StringComparison.Ordinal) ? "q:" : "";
        var arguments = $"<{prefix}env name='A' value='b'/><{prefix}arg value='-device'/><{prefix}arg value='vfio-pci,host=01:00.0'/>";
        Assert.Equal(expected, DomainHostUse.ParseAll($"<domain {domain}><devices/><{element}>{arguments}</{prefix}commandline></domain>").Count);
    }

    [Theory]
    [InlineData("marg")]
    [InlineData("env")]
    [InlineData("args")]
    public void An_element_of_another_name_is_not_an_argument(string name) => Assert.Empty(DomainHostUse.ParseAll(
        $"<domain {Qemu}><devices/><qemu:commandline><qemu:arg value='-device'/><qemu:{name} value='vfio-pci,host=01:00.0'/></qemu:commandline></domain>"));

    [Fact]
    public void A_document_tells_each_function_once_and_which_networks_it_is_in()
    {
        var document = DomainDocument.Parse($"""
            <domain {Qemu}><devices>
              <disk type='nvme'><source type='pci' namespace='1'><address bus='4'/></source><target dev='vda'/><alias name='virtio-disk0'/><address type='pci' domain='0' bus='3' slot='0' function='0'/></disk>
              <disk type='nvme'><source type='pci' namespace='2'><address bus='4'/></source><target dev='vdb'/></disk>
              <interface type='network'><source network='pool'/></interface>
              <hostdev type='pci'><source><address bus='1'/></source></hostdev>
            </devices><qemu:commandline><qemu:arg value='-device'/><qemu:arg value='vfio-pci,host=01:00.0'/></qemu:commandline></domain>
            """);
        Assert.Equal([PciAddress.Parse("04:00.0"), PciAddress.Parse("01:00.0")], document.PciAddresses);
        Assert.Equal(4, document.HostUses.Count);
        Assert.Equal(("virtio-disk0", "0000:03:00.0"), (document.HostUses[0].Alias, document.HostUses[0].GuestAddress));
        Assert.Equal(["pool"], document.Networks);
    }

    private static string Describe(IEnumerable<DomainHostUse> uses) =>
        string.Join("; ", uses.Select(use => $"{use.Form} {use.Type} {use.Address?.ToString() ?? use.Path ?? "-"} {(use.Managed ? "managed" : "unmanaged")}"));
}
