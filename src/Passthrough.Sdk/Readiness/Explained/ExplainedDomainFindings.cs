using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.Readiness.Explained;

/// <summary>Descriptions of findings that only an error shows: about domains, their memory and their permissions.</summary>
internal static class ExplainedDomainFindings
{
    public static ValueList<FindingDescription> All { get; } =
    [
        new()
        {
            Id = FindingIds.DomainDeviceNotFound,
            Severity = FindingSeverity.Error,
            Title = "the domain has no such device",
            Meaning = 
                "The domain does not have the device that should be detached or changed, or has it only in its definition or only "
                + "in the running domain. libvirt says: host pci device ... not found, or: no device found with alias.",
            Detection = "libvirt's error code and its text.",
            Remedy = "Check the devices of the domain: virsh dumpxml NAME, and with --inactive those of its definition.",
        },
        new()
        {
            Id = FindingIds.DomainGuestSlotOccupied,
            Severity = FindingSeverity.Error,
            Title = "the address on the guest's PCI bus is already in use",
            Meaning = 
                "Two devices of the domain have the same address in the guest. QEMU says: slot N function 0 already occupied; "
                + "libvirt: Attempted double use of PCI Address.",
            Detection = "The text of the error.",
            Remedy = "Remove the guest's <address> from one of the two elements: libvirt then chooses a free one.",
        },
        new()
        {
            Id = FindingIds.DomainNoPciBus,
            Severity = FindingSeverity.Error,
            Title = "the guest's machine has no PCI bus",
            Meaning =
                "Some machine types of QEMU have no PCI bus: microvm without pcie=on, isapc, none, and several boards of other "
                + "architectures. QEMU says: No 'PCI' bus found for device 'vfio-pci'.",
            Detection =
                "The text of QEMU's error.",
            Remedy =
                "Use a machine type with PCI (q35, pc, virt), or enable PCI: -machine microvm,pcie=on.",
        },
        new()
        {
            Id = FindingIds.DomainNotFound,
            Severity = FindingSeverity.Error,
            Title = "libvirt does not know the domain",
            Meaning = "The name is wrong, or the connection is: domains of qemu:///system are not visible in qemu:///session, and vice versa.",
            Detection = "libvirt's error code.",
            Remedy = "Check virsh list --all on the same connection.",
        },
        new()
        {
            Id = FindingIds.DomainNotMigratable,
            Severity = FindingSeverity.Error,
            Title = "the domain cannot be migrated or saved with its device",
            Meaning = 
                "The state of a device of the host cannot be transferred, unless its driver supports it. libvirt says: cannot "
                + "migrate a domain with <hostdev>.",
            Detection = "The text of the error.",
            Remedy = "Detach the device first and attach another one on the target host, or use a pair of NICs (<teaming>) and a transient hostdev.",
        },
        new()
        {
            Id = FindingIds.DomainUnplugRefused,
            Severity = FindingSeverity.Error,
            Title = "the guest does not release the device",
            Meaning = 
                "The guest's operating system must release a device, but it refuses, is busy, or does not run. libvirt says: "
                + "unplug of device was rejected by the guest, or: already in the process of unplug.",
            Detection = "The text of libvirt's error.",
            Remedy = 
                "Make sure that the guest's operating system runs and that nothing in it uses the device; then detach again, or "
                + "shut the guest down.",
        },
        new()
        {
            Id = FindingIds.DomainWrongState,
            Severity = FindingSeverity.Error,
            Title = "the domain is not in the state that the operation requires",
            Meaning = "The operation requires a domain that is shut off, a running domain, or a domain with a persistent definition.",
            Detection = "libvirt's error code and its text.",
            Remedy = "Start it or shut it down, or change its definition only (--config).",
        },
        new()
        {
            Id = FindingIds.IommuDmaFault,
            Severity = FindingSeverity.Warning,
            Title = "the device tried to access memory that the IOMMU does not allow it to access",
            Meaning = 
                "The kernel's log says: DMAR: [DMA Read] Request device ... fault addr, or: AMD-Vi: Event logged [IO_PAGE_FAULT]. "
                + "The IOMMU blocked the access, and the device's operation failed.",
            Detection = "The kernel's log.",
            Remedy = 
                "If it happens again, look for reserved memory that the firmware does not declare, a card that uses the requester "
                + "id of another function, or a guest driver that does not support the virtual IOMMU.",
        },
        new()
        {
            Id = FindingIds.IommuFirmwareTableHidden,
            Severity = FindingSeverity.Info,
            Title = "the firmware's IOMMU tables are not visible, but the IOMMU works",
            Meaning =
                "A program that checks only the firmware's tables, such as virt-host-validate, warns in a container, where "
                + "/sys/firmware is hidden: No ACPI DMAR table found. The kernel's IOMMU groups prove that the IOMMU works.",
            Detection = "The text of the warning; /sys/kernel/iommu_groups has groups.",
            Remedy = "Nothing needs to be changed. Run the check on the host, or make /sys/firmware visible to the container.",
        },
        new()
        {
            Id = FindingIds.MemoryExhausted,
            Severity = FindingSeverity.Error,
            Title = "the host does not have enough memory for the guest",
            Meaning = 
                "QEMU says: cannot set up guest memory. With a device of the host, all of the guest's memory is allocated at the "
                + "start and stays allocated.",
            Detection = "The text of QEMU's error.",
            Remedy = "Give the guest less memory, shut other guests down, or reserve the memory that it needs (huge pages).",
        },
        new()
        {
            Id = FindingIds.SecurityDenied,
            Severity = FindingSeverity.Error,
            Title = "a security module or a device filter denies access",
            Meaning = 
                "SELinux, AppArmor or the device filter of a control group denies what the mode of the file would allow. The emulator sees "
                + "Permission denied or Operation not permitted.",
            Detection = "The text of the error; lines of the kernel's log with avc: denied or apparmor=\"DENIED\".",
            Remedy = "Read the complete line in the audit log and allow exactly that; for a container, allow /dev/vfio.",
        },
        new()
        {
            Id = FindingIds.VfioDmaMappingFailed,
            Severity = FindingSeverity.Error,
            Title = "the guest's memory could not be mapped for the device",
            Meaning = 
                "The kernel refused to map it for a reason other than the limit on locked memory: an address beyond the IOMMU's "
                + "width, a reserved range, too many mappings. QEMU says: VFIO_MAP_DMA failed.",
            Detection = "The text of QEMU's error and its number.",
            Remedy = 
                "Give the guest less memory or a CPU with a narrower address width (maxphysaddr); check the reserved_regions of "
                + "the device's group; raise dma_entry_limit of vfio_iommu_type1.",
        },
    ];
}
