using System.Collections.Immutable;
using static Passthrough.Sdk.Explain.ErrorPattern;

namespace Passthrough.Sdk.Explain.Patterns;

/// <summary>What libvirt says of XML that no host could satisfy. Its own words say what is wrong, so most need no title.</summary>
internal static class LibvirtDefinitionPatterns
{
    public static ImmutableArray<ErrorPattern> All { get; } =
    [
        new("Interface type hostdev is currently supported on SR-IOV Virtual Functions only", Definition(
            "<interface type='hostdev'> is for virtual functions, and this device is none", "write it as <hostdev mode='subsystem' type='pci'>, or take a virtual function of the card")),
        new("is not an SR-IOV Virtual Function", Definition(null, "list virtual functions in the network's pool, or name their physical function with <pf dev=''/>")),
        new("hostdev networks require all devices to be listed by PCI address", Definition()),
        new("currently not supported on interfaces of type hostdev", Definition()),
        new("direct setting of the vlan tag is not allowed for hostdev devices", Definition()),
        new("can only be set for SR-IOV VFs", Definition()),
        new("vlan trunking is not supported by SR-IOV network devices", Definition(null, "give one vlan tag only")),
        new("bandwidth settings are not supported for hostdev interfaces", Definition()),
        new("Hostdev already exists in the domain configuration", Definition("the domain's definition has this device already", "nothing needs to be added; look at virsh dumpxml --inactive DOMAIN")),
        new("already in the domain configuration", Definition()),
        new("Invalid PCI address", Definition()),
        new("Invalid address for a PCI device", Definition()),
        new("at least one of domain, bus, or slot must be > 0", Definition()),
        new("The device at PCI address {guest} cannot be plugged into the PCI controller", Definition(
            "the guest address {guest} is on a controller that takes no such device", "take the guest's <address> out: libvirt then chooses one that fits")),
        new("The device at PCI address {guest} ", Definition()),
        new("PCI host devices must use 'pci' or 'unassigned' address type", Definition()),
        new("per-device boot elements cannot be used together with os/boot elements", Definition(null, "take <boot dev='...'/> out of <os>, and give the other devices an order too")),
        new("boot order {order} is already used by another device", Definition()),
        new("boot order '{order}' used for more than one device", Definition()),
        new("booting from assigned devices is not supported", Definition()),
        new("ROM tuning is", Definition()),
        new("non unique alias detected", Definition()),
        new("teaming", Definition()) { Role = ErrorRole.Hint },
        new("virtio-net teaming", Definition()),
        new("required persistent attribute in hostdev teaming", Definition()),
        new("only supported for pci hostdev devices", Definition()),
        new("unknown hostdev mode", Definition()),
        new("unknown host device source address type", Definition()),
        new("missing source address type", Definition()),
        new("Missing <source> element in hostdev device", Definition()),
        new("hostdev mode 'capabilities' is not supported", Definition()),
        new("Write filtering of PCI device configuration space is not supported by qemu", Definition(null, "writeFiltering is for Xen only; take it out")),
        new("Unexpected PCI backend 'xen'", Definition()),
        new("Setting startupPolicy is only allowed for USB devices", Definition()),
        new("attribute 'display' is only supported with model='vfio-pci'", Definition()),
        new("graphics device is needed for attribute value 'display=on'", Definition()),
        new("Only one hostdev of model vfio-ap is supported", Definition()),
        new("IOMMU device: '{model}'", Definition()),
        new("IOMMU interrupt remapping requires split I/O APIC", Definition(null, "add <ioapic driver='qemu'/> to <features>")),
        new("IOMMU eim requires interrupt remapping to be enabled", Definition()),
        new("ACPI index is", Definition()),
        new("Unable to find security driver", Definition()),
        new("XML document failed to validate against schema", Definition()),
        new("(domain_definition):", Definition()) { Role = ErrorRole.Hint },
        new("(device_definition):", Definition()) { Role = ErrorRole.Hint },
        new("XML error: {detail}", Definition()) { Role = ErrorRole.Hint },
        new("unsupported configuration: {detail}", Definition()) { Role = ErrorRole.Hint },
        new("argument unsupported: {detail}", Definition()) { Role = ErrorRole.Hint },
        new("is not a valid device model name", Definition()),
        new("Could not open option rom", Definition()),
    ];
}
