using Passthrough.Sdk.Libvirt;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Testing;

namespace Passthrough.Agreement;

/// <summary>A q35 domain with two free root ports and without a disk, gone with its scenario.</summary>
internal sealed class Guest : IDisposable
{
    private Guest(ILibvirtDomain domain) => Domain = domain;

    public ILibvirtDomain Domain { get; }

    public string Definition => Domain.GetXml(DomainXmlOptions.Inactive);

    public static Guest Define(Stage stage, string name, string devices = "") => new(stage.Libvirt.DefineDomain($"""
        <domain type='qemu'>
          <name>{name}</name>
          <memory unit='MiB'>64</memory>
          <os><type arch='x86_64' machine='q35'>hvm</type></os>
          <devices>
            <controller type='pci' index='0' model='pcie-root'/>
            <controller type='pci' index='1' model='pcie-root-port'/>
            <controller type='pci' index='2' model='pcie-root-port'/>
            <controller type='usb' model='none'/>
            <memballoon model='none'/>
            {devices}
          </devices>
        </domain>
        """));

    public static string Hostdev(string address, bool isManaged = true, string? alias = null)
    {
        var at = PciAddress.Parse(address);
        return $"""
            <hostdev mode='subsystem' type='pci' managed='{(isManaged ? "yes" : "no")}'>
              <source><address domain='0x{at.Domain:x4}' bus='0x{at.Bus:x2}' slot='0x{at.Slot:x2}' function='0x{at.Function:x}'/></source>
              {(alias is null ? "" : $"<alias name='{alias}'/>")}
            </hostdev>
            """;
    }

    /// <summary>The guest ignores what it is asked for, as one without an operating system does.</summary>
    public void DoesNotAnswer()
    {
        if (Domain is FakeLibvirtDomain fake)
        {
            fake.AnswersUnplug = false;
        }
    }

    public void Dispose()
    {
        try
        {
            if (Domain.IsActive())
            {
                Domain.Destroy();
            }

            Domain.Undefine();
        }
        catch (LibvirtException e) when (e.Code == LibvirtErrorCode.NoDomain)
        {
            // The scenario did it.
        }

        Domain.Dispose();
    }
}
