using Passthrough.Sdk.Libvirt;
using Passthrough.Sdk.Pci;

namespace Passthrough.LabTests.Libvirt;

/// <summary>A domain for one scenario: defined at first, gone at the end. It stops in its firmware, which is enough to attach to.</summary>
internal sealed class Guest : IDisposable
{
    public static readonly PciAddress Nic = PciAddress.Parse("0000:01:00.0");

    public Guest(LibvirtConnection libvirt, string name, string devices = "") =>
        Domain = libvirt.DefineDomain($"""
            <domain type='qemu'>
              <name>{name}</name>
              <memory unit='MiB'>64</memory>
              <os><type arch='x86_64' machine='q35'>hvm</type></os>
              <devices>
                <controller type='pci' model='pcie-root'/>
                <controller type='pci' model='pcie-root-port'/>
                <controller type='pci' model='pcie-root-port'/>
                <controller type='usb' model='none'/>
                <memballoon model='none'/>
                {devices}
              </devices>
            </domain>
            """);

    public ILibvirtDomain Domain { get; }

    public static string Hostdev(PciAddress address, bool managed = true) => $"""
        <hostdev mode='subsystem' type='pci' managed='{(managed ? "yes" : "no")}'>
          <source>
            <address domain='0x{address.Domain:x4}' bus='0x{address.Bus:x2}' slot='0x{address.Slot:x2}' function='0x{address.Function:x}'/>
          </source>
          <alias name='ua-nic'/>
        </hostdev>
        """;

    /// <summary>The host driver that a device is bound to; empty for none.</summary>
    public static string DriverOf(PciAddress address) =>
        Path.GetFileName(new FileInfo($"/sys/bus/pci/devices/{address}/driver").ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? "");

    public void Dispose()
    {
        using (Domain)
        {
            if (Domain.IsActive())
            {
                Domain.Destroy();
            }

            Domain.Undefine();
        }
    }
}
