using System.Collections.Immutable;

namespace Passthrough.Sdk.Readiness.Explained;

/// <summary>What findings mean that only an error tells of: about domains, their memory and what they may open.</summary>
internal static class ExplainedDomainFindings
{
    public static ImmutableArray<FindingDescription> All { get; } =
    [
        new()
        {
            Id = FindingIds.DomainDeviceNotFound,
            Severity = FindingSeverity.Error,
            Title = "the domain has no such device",
            Meaning = 
                "Something was to be detached or changed that the domain does not have, or has only in its definition or only now. libvirt "
                + "says: host pci device ... not found, or: no device found with alias.",
            Detection = "libvirt's error code and its text.",
            Remedy = "Look at what the domain has: virsh dumpxml NAME, and with --inactive what its definition has.",
        },
        new()
        {
            Id = FindingIds.DomainGuestSlotOccupied,
            Severity = FindingSeverity.Error,
            Title = "the place on the guest's PCI bus is taken",
            Meaning = 
                "Two devices of the domain are to have the same address in the guest. QEMU says: slot N function 0 already occupied; "
                + "libvirt: Attempted double use of PCI Address.",
            Detection = "The text of the error.",
            Remedy = "Take the guest's <address> out of one of the two elements: libvirt then chooses a free one.",
        },
        new()
        {
            Id = FindingIds.DomainNotFound,
            Severity = FindingSeverity.Error,
            Title = "libvirt knows no such domain",
            Meaning = "The name is another, or the connection is: domains of qemu:///system and of qemu:///session do not see one another.",
            Detection = "libvirt's error code.",
            Remedy = "Look at virsh list --all on the connection that was used.",
        },
        new()
        {
            Id = FindingIds.DomainNotMigratable,
            Severity = FindingSeverity.Error,
            Title = "the domain cannot be migrated or saved with its device",
            Meaning = 
                "The state of a device of the host cannot be carried away, unless its driver knows how. libvirt says: cannot migrate a "
                + "domain with <hostdev>.",
            Detection = "The text of the error.",
            Remedy = "Detach the device first and attach another at the target, or use a pair of NICs (<teaming>) and a transient hostdev.",
        },
        new()
        {
            Id = FindingIds.DomainUnplugRefused,
            Severity = FindingSeverity.Error,
            Title = "the guest does not let the device go",
            Meaning = 
                "The guest's operating system has to let a device go, and it refuses, is busy, or does not run. libvirt says: unplug of "
                + "device was rejected by the guest, or: already in the process of unplug.",
            Detection = "The text of libvirt's error.",
            Remedy = 
                "See that the guest's operating system runs and that nothing in it uses the device; then detach again, or shut the guest "
                + "down.",
        },
        new()
        {
            Id = FindingIds.DomainWrongState,
            Severity = FindingSeverity.Error,
            Title = "the domain is not in the state that this needs",
            Meaning = "It runs and should not, or does not and should, or has no definition that outlives it.",
            Detection = "libvirt's error code and its text.",
            Remedy = "Start it or shut it down, or change its definition only (--config).",
        },
        new()
        {
            Id = FindingIds.IommuDmaFault,
            Severity = FindingSeverity.Warning,
            Title = "the device reached for memory that the IOMMU does not let it have",
            Meaning = 
                "The kernel's log says: DMAR: [DMA Read] Request device ... fault addr, or: AMD-Vi: Event logged [IO_PAGE_FAULT]. The IOMMU "
                + "did its work; the device's own did not get done.",
            Detection = "The kernel's log.",
            Remedy = 
                "If it goes on, look for reserved memory that the firmware forgot to name, a card that speaks for another function, or a "
                + "guest's driver that does not know of the virtual IOMMU.",
        },
        new()
        {
            Id = FindingIds.MemoryExhausted,
            Severity = FindingSeverity.Error,
            Title = "the host has not the memory that the guest is to have",
            Meaning = 
                "QEMU says: cannot set up guest memory. With a device of the host all of the guest's memory is there from the start, and "
                + "stays.",
            Detection = "The text of QEMU's error.",
            Remedy = "Give the guest less memory, end others, or reserve what it needs (huge pages).",
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
            Remedy = "Read the whole line in the audit log and allow just that; in a container let it have /dev/vfio.",
        },
        new()
        {
            Id = FindingIds.VfioDmaMappingFailed,
            Severity = FindingSeverity.Error,
            Title = "the guest's memory could not be mapped for the device",
            Meaning = 
                "The kernel refused to map it, and not for want of a right to lock it: an address beyond the IOMMU's width, a range that is "
                + "reserved, too many pieces. QEMU says: VFIO_MAP_DMA failed.",
            Detection = "The text of QEMU's error and its number.",
            Remedy = 
                "Give the guest less memory or a narrower CPU (maxphysaddr); look at the reserved_regions of the device's group; raise "
                + "dma_entry_limit of vfio_iommu_type1.",
        },
    ];
}
