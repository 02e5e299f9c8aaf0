using Passthrough.Sdk.Facts;

using static Passthrough.Sdk.Explain.ErrorPattern;

namespace Passthrough.Sdk.Explain.Patterns;

/// <summary>Messages of libvirt about XML that no host could satisfy. They say what is wrong, so most need no title.</summary>
internal static class LibvirtDefinitionPatterns
{
    public static ValueList<ErrorPattern> All { get; } =
    [
        new("Interface type hostdev is currently supported on SR-IOV Virtual Functions only", Definition(
            "<interface type='hostdev'> is for virtual functions, and this device is not one", "define it as <hostdev mode='subsystem' type='pci'>, or use a virtual function of the card")),
        new("is not an SR-IOV Virtual Function", Definition(null, "list virtual functions in the network's pool, or name their physical function with <pf dev='NAME'/>")),
        new("hostdev networks require all devices to be listed by PCI address", Definition()),
        new("currently not supported on interfaces of type hostdev", Definition()),
        new("direct setting of the vlan tag is not allowed for hostdev devices", Definition()),
        new("can only be set for SR-IOV VFs", Definition()),
        new("vlan trunking is not supported by SR-IOV network devices", Definition(null, "specify only one vlan tag")),
        new("bandwidth settings are not supported for hostdev interfaces", Definition()),
        new("Hostdev already exists in the domain configuration", Definition("the domain's definition already has this device", "nothing has to be added; check virsh dumpxml --inactive DOMAIN")),
        new("already in the domain configuration", Definition()),
        new("vendor cannot be 0", UsbZero),
        new("product cannot be 0", UsbZero),
        new("Invalid value for attribute 'id' in element 'vendor': Zero is not permitted", UsbZero),
        new("Invalid value for attribute 'id' in element 'product': Zero is not permitted", UsbZero),
        new("missing vendor or product id", UsbZero),
        new("missing usb vendor or product", UsbZero),
        new("Invalid PCI address", Definition()),
        new("Invalid address for a PCI device", Definition()),
        new("at least one of domain, bus, or slot must be > 0", Definition()),
        new("The device at PCI address {guest} cannot be plugged into the PCI controller", Definition(
            "the guest address {guest} is on a controller that does not accept such a device", "remove the guest's <address>: libvirt then chooses one that fits")),
        new("The device at PCI address {guest} ", Definition()),
        new("PCI host devices must use 'pci' or 'unassigned' address type", Definition()),
        new("per-device boot elements cannot be used together with os/boot elements", Definition(null, "remove <boot dev='...'/> from <os>, and give the other devices an order too")),
        new("boot order {order} is already used by another device", Definition()),
        new("boot order '{order}' used for more than one device", Definition()),
        new("booting from assigned devices is not supported", Definition()),
        new("ROM tuning is", Definition()),
        new("non unique alias detected", Definition()),
        new("changing device '{detail}' is not", Definition()),
        new("^changing device ", Definition()),
        new("Only PCI device addresses with function=0 are supported", Definition()),
        new("controller must have PCI address", Definition()),
        new("Bus 0 must be PCI for integrated PIIX3", Definition()),
        new("64-bit PCI hole setting is only for root PCI controllers", Definition()),
        new("Could not find PCI controller with index", Definition(null, "add the controller that the guest address names, or remove the <address>")),
        new("is not set for PCI controller with index", Definition()),
        new("invalid PCI passthrough type", Definition()),
        new("USB host device is missing bus/device information", Definition()),
        new("hostdev interface missing hostdev data", Definition()),
        new("hostdev was not a PCI device", Definition()),
        new("Multiple USB devices for", Definition(null, "name the USB device by bus and device too: <address bus='NUMBER' device='NUMBER'/>")),
        new("uses a hostdev mode, but has no forward dev and no interface pool", Definition(null, "name the pool of the network: <pf dev='NAME'/> or PCI addresses in <forward mode='hostdev'>")),
        new("for new mdev device", Definition()),
        new("virtio-net teaming", Definition()),
        new("required persistent attribute in hostdev teaming", Definition()),
        new("only supported for pci hostdev devices", Definition()),
        new("unknown hostdev mode", Definition()),
        new("unknown host device source address type", Definition()),
        new("missing source address type", Definition()),
        new("Missing <source> element in hostdev device", Definition()),
        new("hostdev mode 'capabilities' is not supported", Definition()),
        new("Write filtering of PCI device configuration space is not supported by qemu", Definition(null, "writeFiltering is for Xen only; remove it")),
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

    private static ProposedCause UsbZero => Definition(
        "a USB device cannot be identified by its ids if one of them is 0",
        "identify it by its location: <source><address bus='BUS' device='DEVICE'/></source> without <vendor> and <product> (lsusb shows bus and device)");
}
