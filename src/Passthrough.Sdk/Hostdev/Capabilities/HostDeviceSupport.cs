
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Hostdev.Xml;

namespace Passthrough.Sdk.Hostdev.Capabilities;

/// <summary>What a hypervisor offers for host devices: the <c>&lt;hostdev&gt;</c> of domain capabilities.</summary>
/// <remarks>Values are libvirt's words, newer ones too. Null is a libvirt that does not say. Thread safety: immutable.</remarks>
public sealed record HostDeviceSupport
{
    internal HostDeviceSupport(XmlElementView element)
    {
        Supported = element.YesNo("supported") ?? false;
        foreach (var child in element.Children)
        {
            if (child.Name is not "enum")
            {
                continue;
            }

            var values = new List<string>();
            foreach (var value in child.Children)
            {
                values.Add(value.Value);
            }

            switch (child.Attribute("name"))
            {
                case "mode":
                    Modes = [.. values];
                    break;
                case "startupPolicy":
                    StartupPolicies = [.. values];
                    break;
                case "subsysType":
                    SubsystemTypes = [.. values];
                    break;
                case "capsType":
                    CapabilityTypes = [.. values];
                    break;
                case "pciBackend":
                    PciBackends = [.. values];
                    break;
                case "iommufd":
                    Iommufd = [.. values];
                    break;
            }
        }
    }

    /// <summary>Whether there are host devices at all.</summary>
    public bool Supported { get; }

    /// <summary><c>subsystem</c>, <c>capabilities</c>.</summary>
    public ValueList<string>? Modes { get; }

    /// <summary><c>default</c>, <c>mandatory</c>, <c>requisite</c>, <c>optional</c>.</summary>
    public ValueList<string>? StartupPolicies { get; }

    /// <summary><c>usb</c>, <c>pci</c>, <c>scsi</c>, ...</summary>
    public ValueList<string>? SubsystemTypes { get; }

    /// <summary><c>storage</c>, <c>misc</c>, <c>net</c>.</summary>
    public ValueList<string>? CapabilityTypes { get; }

    /// <summary>
    /// <c>default</c>, <c>vfio</c>, ...; empty where libvirt found no IOMMU at work: its own test whether PCI devices
    /// can be passed through.
    /// </summary>
    public ValueList<string>? PciBackends { get; }

    /// <summary><c>yes</c>, <c>no</c>; libvirt 12.1.0.</summary>
    public ValueList<string>? Iommufd { get; }
}
