using Passthrough.Sdk.Libvirt;
using Passthrough.Sdk.TestSupport;

namespace Passthrough.LabTests.Lab;

/// <summary>A domain of a scenario: defined, perhaps started, and gone with the scenario.</summary>
internal sealed class LabDomain : IDisposable
{
    private LabDomain(LibvirtConnection libvirt, ILibvirtDomain domain) => (Libvirt, Domain) = (libvirt, domain);

    public LibvirtConnection Libvirt { get; private set; }

    public ILibvirtDomain Domain { get; private set; }

    /// <summary>A small q35 domain without a disk: it stays in its firmware, which is enough for start and attach.</summary>
    /// <param name="name">The domain's name.</param>
    /// <param name="freePorts">Root ports that are free for hot-plug.</param>
    /// <param name="devices">More device elements.</param>
    /// <param name="settings">More elements beside the devices.</param>
    public static LabDomain Define(string name, int freePorts = 2, string devices = "", string settings = "")
    {
        var libvirt = LibvirtConnection.Open("qemu:///system");
        var ports = string.Concat(Enumerable.Range(1, freePorts).Select(i => $"<controller type='pci' index='{i}' model='pcie-root-port'/>"));
        return new(libvirt, libvirt.DefineDomain($"""
            <domain type='qemu'>
              <name>{name}</name>
              <memory unit='MiB'>64</memory>
              {settings}
              <os><type arch='x86_64' machine='q35'>hvm</type></os>
              <devices>
                <controller type='pci' index='0' model='pcie-root'/>
                {ports}
                <controller type='usb' model='none'/>
                <memballoon model='none'/>
                {devices}
              </devices>
            </domain>
            """));
    }

    /// <summary>A small domain of the older machine type, with one conventional bus, for whose hot-plug it needs ACPI.</summary>
    /// <param name="name">The domain's name.</param>
    /// <param name="devices">Its device elements.</param>
    public static LabDomain DefineI440fx(string name, string devices)
    {
        var libvirt = LibvirtConnection.Open("qemu:///system");
        return new(libvirt, libvirt.DefineDomain($"""
            <domain type='qemu'>
              <name>{name}</name>
              <memory unit='MiB'>64</memory>
              <os><type arch='x86_64' machine='pc'>hvm</type></os>
              <features><acpi/></features>
              <devices>
                <controller type='usb' model='none'/>
                <memballoon model='none'/>
                {devices}
              </devices>
            </domain>
            """));
    }

    /// <summary>A small paravirtualised domain of Xen with the host's own kernel and no disk.</summary>
    /// <param name="name">The domain's name.</param>
    /// <param name="devices">Its device elements.</param>
    public static LabDomain DefineOnXen(string name, string devices) => DefineOnXen(name, devices, "", "");

    /// <summary>
    /// A paravirtualised domain of Xen whose kernel sees its PCI functions and agrees to an unplug.
    /// </summary>
    /// <param name="name">The domain's name.</param>
    /// <param name="devices">Its device elements.</param>
    /// <param name="switchesItselfOff">Whether it switches itself off as soon as it sees one.</param>
    public static LabDomain DefineAnsweringOnXen(string name, string devices, bool switchesItselfOff)
    {
        var lab = Repository.PathOf("tests/lab");
        Shell.Run($"mkdir -p /run/lab; [ -e /run/lab/pv.initramfs ] || {lab}/initramfs init={lab}/proof/xen-init bin/busybox=$(command -v busybox) "
            + "modules/xen-pcifront.ko=$(modinfo -n xen-pcifront) >/run/lab/pv.initramfs");
        return DefineOnXen(name, "<console type='pty'><target type='xen' port='0'/></console>" + devices, "/run/lab/pv.initramfs",
            $"console=hvc0 iommu=soft quiet{(switchesItselfOff ? " lab.poweroff" : "")}");
    }

    // libxl unpacks a packed kernel at every start, which takes half a minute under emulation, and libvirt answers no connection meanwhile.
    private static LabDomain DefineOnXen(string name, string devices, string initramfs, string parameters)
    {
        var kernel = Shell.Run(Repository.PathOf("tests/lab/kernel")).Split(' ')[0];
        var libvirt = LibvirtConnection.Open("xen:///system");
        return new(libvirt, libvirt.DefineDomain($"""
            <domain type='xen'>
              <name>{name}</name>
              <memory unit='MiB'>{(initramfs.Length > 0 ? 160 : 128)}</memory>
              <os>
                <type arch='x86_64' machine='xenpv'>linux</type>
                <kernel>{kernel}</kernel>
                {(initramfs.Length > 0 ? $"<initrd>{initramfs}</initrd><cmdline>{parameters}</cmdline>" : "")}
              </os>
              <devices>{devices}</devices>
            </domain>
            """));
    }

    /// <summary>Waits until the kernel of a guest of Xen has the device, which its first program then prints again and again.</summary>
    public void WaitUntilSeenOnXen() => Shell.Run(
        $"timeout 300 sh -c 'until grep -m1 \"0x8086 0x10d3\" $(xenstore-read /local/domain/$(xl domid {Domain.Name})/console/tty); do sleep 1; done'");

    /// <summary>A domain that is defined already; it is gone with the scenario too.</summary>
    public static LabDomain Find(string name)
    {
        var libvirt = LibvirtConnection.Open("qemu:///system");
        return new(libvirt, libvirt.GetDomain(name));
    }

    /// <summary>Finds the domain on a connection of its own where the scenario stopped or killed the daemon for so long that libvirt closed this one.</summary>
    public void Reconnect()
    {
        if (!Libvirt.IsAlive())
        {
            var (uri, name) = (Libvirt.Uri, Domain.Name);
            Domain.Dispose();
            Libvirt.Dispose();
            Libvirt = LibvirtConnection.Open(uri);
            Domain = Libvirt.GetDomain(name);
        }
    }

    /// <summary>The definition with its secrets, as libvirt writes it.</summary>
    public string Definition => Domain.GetXml(DomainXmlOptions.Inactive | DomainXmlOptions.Secure);

    public void Dispose()
    {
        Reconnect();
        if (Domain.IsActive())
        {
            try
            {
                Domain.Destroy();
            }
            catch (LibvirtException e) when (e.Code == LibvirtErrorCode.OperationInvalid)
            {
                // Its emulator ended by itself meanwhile.
            }
        }

        Domain.Undefine();
        Domain.Dispose();
        Libvirt.Dispose();
    }
}
