using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Readiness;
using static Passthrough.Sdk.Explain.ErrorPattern;

namespace Passthrough.Sdk.Explain.Patterns;

/// <summary>Messages of QEMU about a machine that it cannot create, whatever the device, and about migration.</summary>
internal static class QemuPatterns
{
    public static ValueList<ErrorPattern> All { get; } =
    [
        new("'vfio-pci{variant}' is not a valid device model name", NoVfio),
        new("VFIO PCI device assignment is not supported by this version of", NoVfio),
        new("VFIO AP device assignment is not supported by this version of", NoVfio),
        new("VFIO CCW device assignment is not supported by this version of", NoVfio),
        new("Property 'vfio-pci{variant}' not found", Definition(null, "remove the property, or use a QEMU that supports it")),

        new("No '{bus}' bus found for device 'vfio-pci{variant}'", NoBus),
        new("No '{bus}' bus found for device 'vfio", NoBus),
        new("Bus 'pci.0' not found", NoBus),
        new("Bus 'pcie.0' not found", NoBus),
        new("PCI: slot {slot} function {function} already occupied by {owner}", SlotTaken),
        new("PCI: slot {slot} function {function} not available for {driver}, in use by {owner}", SlotTaken),
        new("PCI: slot {slot} function {function} not available for {driver}", SlotTaken),
        new("PCI: slot {slot} is not valid for {driver}", Definition()),
        new("PCI: no slot/function available for {driver}", NoSlot),
        new("Attempted double use of PCI Address {guest}", Certain(
            FindingIds.DomainGuestSlotOccupied, "two devices of the domain have the address {guest} in the guest", "remove the guest's <address> from one of them: libvirt then chooses a free one")),
        new("No more available PCI slots", NoSlot),
        new("No PCI buses available", NoSlot),
        new("a PCI slot is needed to connect a PCI controller", NoSlot),
        new("Cannot automatically add a new PCI bus for a device", NoSlot),
        new("zPCI {kind} {number} is already reserved", SlotTaken),
        new("PCI: Only PCI/PCIe bridges can be plugged into", NoSlot),
        new("Bus '{bus}' does not support hotplugging", NoHotplug),
        new("requires hotplug capability, but the PCI controller with index={index} doesn't support hotplug", NoHotplug),
        new("Duplicate ID '{alias}' for device", Definition(null, "the guest still has the device, or is unplugging it: wait until it is removed, or use another alias")),
        new("Duplicate device ID '{alias}'", Definition(null, "the guest still has the device, or is unplugging it: wait until it is removed, or use another alias")),
        new("is already in the process of unplug", Unplug("the guest was already asked to release the device and has not answered")),
        new("Hot-unplug failed: guest is busy", Unplug("the guest is busy and does not release the device")),
        new("PCI: Hot-plug of device {driver} is not supported", NoHotplug),
        new("Hot-plug failed: unsupported by the port device", NoHotplug),
        new("vfio-pci doesn't support migration", Migration),
        new("VFIO migration is not supported", Migration),
        new("VFIO device doesn't support device dirty tracking", Migration),
        new("VFIO device doesn't support migration", Migration),
        new("Migration is currently not supported with vIOMMU enabled", Migration),
        new("Migration is disabled for VFIO device", Migration),
        new("Multiple VFIO devices migration is supported only if", Migration),
        new("State blocked by non-migratable device", Migration),
        new("vfio{detail}dirty page tracking", StateLost),
        new("dirty page tracking", StateLost with { IsCertain = false }) { Role = ErrorRole.Hint },
        new("vfio{detail}DMA logging", StateLost),
        new("DMA logging", StateLost with { IsCertain = false }) { Role = ErrorRole.Hint },
        new("vfio{detail}dirty tracking flag", StateLost),
        new("dirty tracking flag", StateLost with { IsCertain = false }) { Role = ErrorRole.Hint },
        new("vfio{detail}dirty bitmap", StateLost),
        new("dirty bitmap", StateLost with { IsCertain = false }) { Role = ErrorRole.Hint },
        new("vfio_iommu_map_dirty_notify", StateLost),
        new("Failed setting device state to", StateLost),
        new("Failed setting device in recover state", StateLost),
        new("data_fd out of sync", StateLost),
        new("device config space", StateLost) { Role = ErrorRole.Hint },
        new("migration data buffer", StateLost),
        new("SETUP STATE: EOS not found", StateLost),
        new("switchover ack is not used", StateLost),
        new("qemu_loadvm_approve_switchover failed", StateLost),

        new("Could not access KVM kernel module: {reason}", [.. Kvm]),
        new("failed to initialize kvm", [.. Kvm]),
        new("failed to initialize KVM", [.. Kvm]),
        new("CPU doesn't support nested virtualization", [.. Kvm]),
        new("kvm_init_vcpu failed", [.. Kvm]),
        new("could not find capabilities for domaintype=kvm", [.. Kvm]),
        new("domain type 'kvm' is not supported", [.. Kvm]),
        new("Emulator '{path}' does not support virt type 'kvm'", [.. Kvm]),
        new("does not support virt type 'kvm'", [.. Kvm]),
        new("KVM is not available", [.. Kvm]),
        new("Failed to create KVM VFIO device", [.. Kvm]),
        new("to KVM VFIO device", [.. Kvm]),
        new("from KVM VFIO device", [.. Kvm]),
        new("KVM VFIO device isn't created yet", [.. Kvm]),

        new("cannot set up guest memory '{region}': Cannot allocate memory", NoMemory),
        new("cannot set up guest memory", NoMemory),
        new("unable to map backing store for guest RAM: Cannot allocate memory", Certain(
            FindingIds.MemoryExhausted, "there are not enough free huge pages for the guest", "reserve more (vm.nr_hugepages), or remove <hugepages/> from the domain")),
        new("unable to map backing store for guest RAM", NoMemory),
        new("can't open backing store {path} for guest RAM", NoMemory),
    ];

    private static ValueList<ProposedCause> Kvm =>
    [
        .. Perhaps(FindingIds.CpuVirtualizationDisabledByFirmware, FindingIds.CpuVirtualizationMissing),
        new(FindingIds.KvmUnavailable),
    ];

    private static ProposedCause NoVfio => Certain(FindingIds.QemuNoVfio, "this QEMU was built without VFIO for PCI devices", "install the complete QEMU of the distribution for this machine, or build it with VFIO");

    private static ProposedCause SlotTaken => Certain(
        FindingIds.DomainGuestSlotOccupied,
        "slot {slot} of the guest's bus is in use by another device of the domain",
        "remove the guest's <address> from one of the two elements: libvirt then chooses a free one");

    private static ProposedCause NoBus => new(
        FindingIds.DomainNoPciBus, IsCertain: true,
        "the guest's machine has no PCI bus for the device",
        "choose a machine type with PCI (q35, pc, virt), or enable PCI: -machine microvm,pcie=on; a named bus must exist on the machine (pcie.0 on q35, pci.0 on pc)");

    private static ProposedCause NoSlot => Definition(
        "the guest has no free PCI slot for this device", "add a controller: <controller type='pci' model='pcie-root-port'/> for q35, one for each device that will be plugged in while the guest runs; or pci-bridge for i440fx");

    private static ProposedCause NoHotplug => Definition(
        "the guest's bus does not support plugging while the guest runs", "add <controller type='pci' model='pcie-root-port'/> for q35 beforehand, and do not give the device an address on pcie.0; or attach it with --config and start the guest again");

    private static ProposedCause NoMemory => Certain(
        FindingIds.MemoryExhausted, "the host does not have enough memory for the guest", "give the guest less memory, shut other guests down, or reserve the memory that it needs (huge pages)");

    private static ProposedCause Migration => Certain(
        FindingIds.DomainNotMigratable, "the domain owns a device of the host and cannot be migrated or saved with it", "detach the device first and attach another one on the target host, or use a pair of NICs (<teaming>) and a transient hostdev");

    private static ProposedCause StateLost => Certain(
        FindingIds.DomainNotMigratable, "the state of the device could not be transferred to the other host", "check the kernel's log of both hosts: the drivers there must be variants that support migration, in the same version; otherwise detach the device first");

    private static ProposedCause Unplug(string title) => Certain(
        FindingIds.DomainUnplugRefused, title, "make sure that the guest's operating system runs and its driver can release the device (unmount, ifdown); then detach again, or shut the guest down");
}
