using Passthrough.Sdk.Libvirt;

namespace Passthrough.LabTests.Lab;

/// <summary>A domain of a scenario: defined, perhaps started, and gone with the scenario.</summary>
internal sealed class LabDomain : IDisposable
{
    private LabDomain(LibvirtConnection libvirt, LibvirtDomain domain) => (Libvirt, Domain) = (libvirt, domain);

    public LibvirtConnection Libvirt { get; }

    public LibvirtDomain Domain { get; }

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

    /// <summary>A small paravirtualised domain of Xen with the host's own kernel and no disk.</summary>
    /// <param name="name">The domain's name.</param>
    /// <param name="devices">Its device elements.</param>
    public static LabDomain DefineOnXen(string name, string devices)
    {
        var libvirt = LibvirtConnection.Open("xen:///system");
        return new(libvirt, libvirt.DefineDomain($"""
            <domain type='xen'>
              <name>{name}</name>
              <memory unit='MiB'>128</memory>
              <os>
                <type arch='x86_64' machine='xenpv'>linux</type>
                <kernel>/boot/vmlinuz-{File.ReadAllText("/proc/sys/kernel/osrelease").TrimEnd()}</kernel>
              </os>
              <devices>{devices}</devices>
            </domain>
            """));
    }

    /// <summary>The definition with its secrets, as libvirt writes it.</summary>
    public string Definition => Domain.GetXml(DomainXmlOptions.Inactive | DomainXmlOptions.Secure);

    public void Dispose()
    {
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
