using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Hostdev.Xml;

namespace Passthrough.Sdk.Hostdev.Capabilities;

/// <summary>The support of a hypervisor for host devices: the <c>&lt;hostdev&gt;</c> of domain capabilities.</summary>
/// <remarks>The values are libvirt's own, including newer ones. Null means that libvirt does not report the value. Thread safety: immutable.</remarks>
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

    /// <summary>Gets whether host devices are supported.</summary>
    public bool Supported { get; }

    /// <summary>Gets the supported modes: <c>subsystem</c>, <c>capabilities</c>.</summary>
    public ValueList<string>? Modes { get; }

    /// <summary>Gets the supported start-up policies: <c>default</c>, <c>mandatory</c>, <c>requisite</c>, <c>optional</c>.</summary>
    public ValueList<string>? StartupPolicies { get; }

    /// <summary>Gets the supported subsystem types: <c>usb</c>, <c>pci</c>, <c>scsi</c>, ...</summary>
    public ValueList<string>? SubsystemTypes { get; }

    /// <summary>Gets the supported capability types: <c>storage</c>, <c>misc</c>, <c>net</c>.</summary>
    public ValueList<string>? CapabilityTypes { get; }

    /// <summary>
    /// Gets the supported PCI backends: <c>default</c>, <c>vfio</c>, ...; empty if libvirt's own test found no active IOMMU, so PCI devices
    /// cannot be passed through.
    /// </summary>
    public ValueList<string>? PciBackends { get; }

    /// <summary>Gets the supported values for IOMMUFD: <c>yes</c>, <c>no</c>; libvirt 12.1.0.</summary>
    public ValueList<string>? Iommufd { get; }
}
