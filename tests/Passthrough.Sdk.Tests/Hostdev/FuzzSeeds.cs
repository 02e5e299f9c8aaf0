namespace Passthrough.Sdk.Tests.Hostdev;

/// <summary>Small documents, one of each kind, that fuzz runs begin with.</summary>
internal static class FuzzSeeds
{
    private const string Pci = """
        <hostdev mode='subsystem' type='pci' managed='yes'>
          <driver name='vfio' model='vfio-pci'/>
          <source>
            <address domain='0x0000' bus='0x06' slot='0x12' function='0x5'/>
          </source>
          <boot order='1'/>
          <alias name='ua-nic'/>
          <rom bar='on' file='/roms/a.rom'/>
          <address type='pci' domain='0x0000' bus='0x01' slot='0x00' function='0x0' multifunction='on'><zpci uid='0x0001' fid='0x00000000'/></address>
        </hostdev>
        """;

    private const string Usb = """
        <hostdev mode='subsystem' type='usb'><source startupPolicy='optional' guestReset='off'><vendor id='0x1234'/><product id='0xbeef'/>
        <address bus='1' device='2'/></source><address type='usb' bus='0' port='1.2'/></hostdev>
        """;

    private const string Scsi = """
        <hostdev mode='subsystem' type='scsi' sgio='filtered' rawio='yes'><source><adapter name='scsi_host0'/><address bus='0' target='0' unit='3'/></source>
        <readonly/><shareable/><address type='drive' controller='0' bus='0' target='0' unit='1'/></hostdev>
        """;

    private const string Mdev = """
        <hostdev mode='subsystem' type='mdev' managed='no' model='vfio-pci' display='on' ramfb='on'><source><address uuid='53764d0e-85a0-42b4-af5c-2046b460b1dc'/></source></hostdev>
        """;

    private const string Nic = """
        <interface type='hostdev' managed='yes'><mac address='52:54:00:6d:90:02'/><source><address type='pci' domain='0x0000' bus='0x03' slot='0x10' function='0x1'/></source>
        <vlan><tag id='42'/></vlan><virtualport type='802.1Qbh'><parameters profileid='p'/></virtualport></interface>
        """;

    public static readonly string[] All =
    [
        Pci, Usb, Scsi, Mdev, Nic,
        "<hostdev type='scsi_host' model='virtio'><source protocol='vhost' wwpn='naa.5123456789abcde0'/></hostdev>",
        "<hostdev mode='capabilities' type='net'><source><interface>eth0</interface></source><ip address='10.0.0.1'/></hostdev>",
        "<hostdev type='scsi'><source protocol='iscsi' name='iqn.1992-01.com.example/1'><host name='a' port='3260'/><initiator><iqn name='x'/></initiator></source></hostdev>",
        $"""
        <?xml version='1.0' encoding='UTF-8'?>
        <!-- a domain --><domain type='kvm' xmlns:qemu='http://libvirt.org/schemas/domain/qemu/1.0'>
          <name>a &amp; b</name><memory unit='GiB'>4</memory><os><type arch='x86_64' machine='q35'>hvm</type></os>
          <devices><controller type='pci' index='0' model='pcie-root'/><disk><target dev='sda' bus='scsi'/></disk>{Pci}{Usb}{Scsi}{Mdev}{Nic}<memballoon/></devices>
          <qemu:commandline><qemu:arg value='-x'/><![CDATA[ <a> ]]></qemu:commandline>
        </domain>
        """,
        "<network><name>a</name><forward mode='hostdev' managed='yes'><driver name='vfio'/><pf dev='eth0'/><address type='pci' domain='0' bus='3' slot='16' function='1' connections='1'/></forward></network>",
        """
        <device><name>pci_0000_42_00_0</name><path>/sys/x</path><devnode type='dev'>/dev/x</devnode><parent>computer</parent><driver><name>mlx5_core</name></driver>
          <capability type='pci'><class>0x020000</class><domain>0</domain><bus>66</bus><slot>0</slot><function>0</function><product id='0xa2d6'>a</product><vendor id='0x15b3'>b</vendor>
            <capability type='phys_function'><address domain='0x0000' bus='0x02' slot='0x00' function='0x1'/></capability>
            <capability type='virt_functions' maxCount='16'><address domain='0x0000' bus='0x02' slot='0x00' function='0x2'/></capability>
            <capability type='mdev_types'><type id='foo1'><name>bar1</name><deviceAPI>vfio-pci</deviceAPI><availableInstances>1</availableInstances></type></capability>
            <capability type='vpd'><name>n</name><fields access='readonly'><part_number>x</part_number><vendor_field index='0'>y</vendor_field></fields></capability>
            <iommuGroup number='65'><address domain='0x0000' bus='0x42' slot='0x00' function='0x0'/></iommuGroup><numa node='0'/>
            <pci-express><link validity='cap' port='0' speed='16' width='8'/><link validity='sta' speed='2.5' width='8'/></pci-express></capability></device>
        """,
        "<device><parent>computer</parent><capability type='mdev'><type id='mtty-1'/><uuid>53764d0e-85a0-42b4-af5c-2046b460b1dc</uuid><iommuGroup number='12'/><attr name='a' value='b'/></capability></device>",
        "<domainCapabilities><path>/q</path><devices><hostdev supported='yes'><enum name='mode'><value>subsystem</value></enum></hostdev></devices></domainCapabilities>",
    ];
}
