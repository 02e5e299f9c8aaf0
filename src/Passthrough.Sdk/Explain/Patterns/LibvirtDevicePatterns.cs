using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Readiness;
using static Passthrough.Sdk.Explain.ErrorPattern;

namespace Passthrough.Sdk.Explain.Patterns;

/// <summary>Messages of libvirt about a device: what uses it, what it is, whether it can be reset; virtual functions, mediated devices.</summary>
/// <remarks>Source: libvirt's virhostdev.c, virpci.c, virnetdev.c, virmdev.c, node_device_driver.c, 7 to 12.</remarks>
internal static class LibvirtDevicePatterns
{
    public static ValueList<ErrorPattern> All { get; } =
    [
        new("PCI device {device} is in use by driver {driver}, domain {owner}", InUse("{owner}")),
        new("PCI device {device} allocated from network {network} is already in use by domain {owner}", InUse("{owner}")),
        new("NVMe device {device} already in use by driver {driver} domain {owner}", InUse("{owner}")),
        new("mediated device {uuid} is in use by driver {driver}, domain {owner}", Certain(
            FindingIds.DeviceInUseByDomain, "the mediated device {uuid} belongs to the running domain {owner}", "shut that domain down, or give this domain another mediated device")),
        new("USB device {usb} is in use by driver {driver}, domain {owner}", Certain(
            FindingIds.DeviceInUseByDomain, "the USB device {usb} belongs to the running domain {owner}", "detach it there first")),
        new("PCI device {device} is in use", InUse("another domain")),
        new("Device {device} is already in use", InUse("another domain")),
        new("Not detaching active device {device}", InUse("another domain")),
        new("Not reattaching active device {device}", InUse("another domain")),
        new("Not resetting active device {device}", InUse("another domain")),
        new("claims the PCI device at {rest} is already in use by a different network port", Certain(FindingIds.DeviceInUseByDomain)),
        new("Requested operation is not valid: PCI device {device} is not assignable", NoAcs),
        new("PCI device {device} is not assignable", NoAcs),
        new("is behind a switch lacking ACS and cannot be assigned", NoAcs),

        new("Non-endpoint PCI devices cannot be assigned to guests", Bridge),
        new("Only PCI endpoint devices can be reset", Bridge),
        new("Unmanaged PCI device {device} must be manually detached from the host", Definition(
            "{device} is still bound to its host driver, and the definition says managed='no': libvirt does not detach it itself",
            "set managed='yes' in the <hostdev>, or detach it first: virsh nodedev-detach {node}")),

        new("Active {other} devices on bus with {device}, not doing bus reset", Certain(
            FindingIds.DeviceNoReset, "{device} can be reset only with its whole bus, and {other} on the same bus is in use", "assign all functions of the bus to one guest, or end the use of {other}")),
        new("Unable to reset PCI device {device}: {why}", [.. Perhaps(FindingIds.DeviceUnresponsive), NoReset]),
        new("no FLR, PM reset or bus reset available", [.. Perhaps(FindingIds.DeviceUnresponsive), NoReset]),
        new("Failed to find parent device for {device}", [.. Perhaps(FindingIds.DeviceUnresponsive), NoReset]),

        new("Device {device} not found: could not access {path}", NotFound),
        new("no node device with matching name '{node}'", NotFound),
        new("An error occurred, but the cause is unknown", new ProposedCause(FindingIds.DeviceNotFound)),
        new("Failed to read product/vendor ID for {device}", [.. Perhaps(FindingIds.DeviceNotFound, FindingIds.DeviceUnresponsive)]),
        new("Failed to open config space file '{path}'", [.. Perhaps(FindingIds.DeviceNotFound, FindingIds.KernelLockdown, FindingIds.SecurityDenied)]),
        new("Failed to read PCI config space for {device}", [.. Perhaps(FindingIds.DeviceNotFound, FindingIds.DeviceUnresponsive)]),
        new("Failed to restore PCI config space for {device}", [.. Perhaps(FindingIds.DeviceNotFound, FindingIds.DeviceUnresponsive)]),
        new("Unknown PCI header type '127' for device '{device}'", [.. CauseSets.Unresponsive]),
        new("Unknown PCI header type '255' for device '{device}'", [.. CauseSets.Unresponsive]),
        new("Unknown PCI header type '{type}' for device '{device}'", [.. Perhaps(FindingIds.DeviceUnresponsive, FindingIds.DeviceNotSupportedByEmulator)]),
        new("Unusual value in {path}/class", [.. Perhaps(FindingIds.DeviceUnresponsive)]),
        new("device {device} is not a PCI device", Definition("the node device {device} is not a PCI device", "name a PCI one: virsh nodedev-list --cap pci")),

        new("because the PF is not online", PhysicalDown),
        new("The PF device for VF {path} has no network device name", PhysicalDown),
        new("is not bound to a net driver, so its MAC address cannot be set", PhysicalDown),
        new("has no network device name", PhysicalDown),
        new("No usable Vf's present on SRIOV PF", Certain(
            FindingIds.SriovNotCreated, "the physical function has no virtual functions", "create them: echo COUNT > /sys/bus/pci/devices/ADDRESS/sriov_numvfs")),
        new("Could not get Virtual functions on", Certain(
            FindingIds.SriovNotCreated, "the physical function has no virtual functions", "create them: echo COUNT > /sys/bus/pci/devices/ADDRESS/sriov_numvfs")),
        new("Error getting physical function's", Certain(FindingIds.SriovNotCreated)),
        new("Could not find any network device under PCI device", PhysicalDown),
        new("Failed to get SRIOV function from device link", [.. Perhaps(FindingIds.DeviceNotFound, FindingIds.DeviceUnresponsive)]),
        new("Found invalid device link", [.. Perhaps(FindingIds.DeviceNotFound)]),
        new("Failed to resolve device link", [.. Perhaps(FindingIds.DeviceNotFound)]),
        new("dev->id buffer overflow", [.. Perhaps(FindingIds.DeviceUnresponsive)]),
        new("Unable to create {count} VFs", Certain(FindingIds.SriovNotCreated)),

        new("mediated device '{uuid}' not found", MdevMissing),
        new("failed to read '/sys/bus/mdev/devices/{uuid}/", MdevMissing),
        new("Unable to start mediated device: {why}", MdevNotCreated),
        new("Unable to create mediated device: {why}", MdevNotCreated),
        new("Unable to define mediated device: {why}", MdevNotCreated),
        new("Unable to start mediated device", MdevNotCreated),
        new("failed to query mdevs from mdevctl", MdevNotCreated),
        new("cannot find parent '{path}' definition", MdevNotCreated),
        new("unable to find parent device '{node}'", NotFound),
        new("Unable to find address for parent device '{node}'", NotFound),
        new("Node device '{node}' is not defined", MdevMissing),
        new("Unable to undefine mediated device: {why}", MdevMissing),
        new("device API '{api}' not supported yet", Definition()),
        new("invalid device API '{api}' for device", Definition(null, "specify the model of the type: vfio-pci, vfio-ccw or vfio-ap (virsh nodedev-dumpxml of the parent)")),
        new("Unable to destroy '{uuid}': device in use", Certain(FindingIds.DeviceInUseByDomain, "a running domain has the mediated device {uuid}", "shut that domain down first")),
    ];

    private static ProposedCause Bridge => Certain(FindingIds.DeviceIsBridge, "{device} is a bridge; only endpoints can be assigned to a guest", "choose a function behind it");

    private static ProposedCause NoReset => Certain(
        FindingIds.DeviceNoReset,
        "{device} cannot be reset alone",
        "assign all functions of the card to one guest, so that its bus can be reset; if the kernel has another method, write it to reset_method; with vfio-pci, libvirt leaves the reset to the kernel");

    private static ProposedCause NoAcs => Certain(
        FindingIds.DeviceBehindSwitchWithoutAcs,
        "{device} is behind a switch whose ports can access each other without the IOMMU",
        "enable ACS in the firmware's set-up or use another slot; relaxed_acs_check=1 in /etc/libvirt/qemu.conf accepts the risk");

    private static ProposedCause NotFound => Certain(
        FindingIds.DeviceNotFound,
        "the host has no PCI function {device}",
        "choose one that lspci -D shows; addresses can change when a card is moved, added or removed");

    private static ProposedCause PhysicalDown => Certain(
        FindingIds.DevicePhysicalFunctionDown,
        "the network interface of the physical function is down, or the host removed its driver",
        "bind the physical function to its network driver and set its interface up (ip link set IF up) before the guest starts");

    private static ProposedCause MdevMissing => Certain(
        FindingIds.MediatedDeviceNotFound,
        "the host has no mediated device {uuid}: it does not survive a reboot unless it is defined",
        "define it and start it (virsh nodedev-define, nodedev-start, nodedev-autostart; or mdevctl)");

    private static ProposedCause MdevNotCreated => Certain(FindingIds.MediatedDeviceNotCreated, "the mediated device could not be created: {why}");

    private static ProposedCause InUse(string owner) => Certain(
        FindingIds.DeviceInUseByDomain, $"{{device}} belongs to the running domain {owner}".Replace("the running domain another", "another running", StringComparison.Ordinal),
        owner == "{owner}" ? "detach it from {owner} first (virsh edit {owner}; virsh detach-device {owner} FILE while it runs)" : "find the domain that has it (virsh dumpxml of each that virsh list shows) and detach it there first");
}
