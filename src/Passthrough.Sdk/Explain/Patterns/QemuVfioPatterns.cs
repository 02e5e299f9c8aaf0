using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Readiness;
using static Passthrough.Sdk.Explain.ErrorPattern;

namespace Passthrough.Sdk.Explain.Patterns;

/// <summary>Messages of QEMU when it cannot get a device from VFIO: groups, containers, mappings.</summary>
/// <remarks>Source: QEMU's hw/vfio/common.c, container.c, iommufd.c, helpers.c, from 2.12 to 10.</remarks>
internal static class QemuVfioPatterns
{
    public static ValueList<ErrorPattern> All { get; } =
    [
        new("group {group} is not viable", Certain(
            FindingIds.GroupNotViable,
            "IOMMU group {group} is not viable: the host still uses other devices of the group",
            "assign those too, or move the card to a slot with its own group; a device that the host does not need can be taken from its driver (virsh nodedev-detach)")),
        new("Please ensure all devices within the iommu_group are bound to their vfio bus driver", new ProposedCause(FindingIds.GroupNotViable)) { Role = ErrorRole.Hint },
        new("Verify all devices in group {group} are bound to vfio-<bus> or pci-stub", [.. Perhaps(FindingIds.GroupNotViable, FindingIds.GroupBusy)]) { Role = ErrorRole.Hint },

        new("Failed to set iommu for container: {reason}", [.. CauseSets.IommuRefuses]) { Errno = 1 },
        new("Failed to set iommu for container: {reason}", [.. Perhaps(FindingIds.DeviceReservedMemory, FindingIds.InterruptRemappingMissing)]) { Errno = 22 },
        new("Failed to set iommu for container: {reason}", [.. CauseSets.NoVfio, .. CauseSets.NoIommu]) { Errno = 19 },
        new("Failed to set iommu for container: {reason}", [.. Perhaps(FindingIds.GroupBusy, FindingIds.DeviceReservedMemory)]) { Errno = 16 },
        new("Failed to set iommu for container: {reason}", [.. CauseSets.IommuRefuses, .. Perhaps(FindingIds.GroupBusy), .. CauseSets.NoVfio]),
        new("failed to set iommu for container", [.. CauseSets.IommuRefuses]),
        new("No available IOMMU models", [.. CauseSets.NoIommu, .. CauseSets.NoVfio, .. Perhaps(FindingIds.VfioNoIommu)]),
        new("Failed to set group container: {reason}", [.. CauseSets.IommuRefuses, .. Perhaps(FindingIds.GroupBusy)]),
        new("Failed to set group container", [.. CauseSets.IommuRefuses, .. Perhaps(FindingIds.GroupBusy)]),
        new("Failed to get VFIO IOMMU info", [.. CauseSets.IommuRefuses]),

        new("group {group} used in multiple address spaces", Certain(
            FindingIds.GroupSeveralAddressSpaces,
            "devices of IOMMU group {group} are in different address spaces of the guest's virtual IOMMU",
            "put all devices of the group behind one bridge of the guest, so that they share an address space; or remove the virtual IOMMU from the domain")),
        new("IOMMU group is used in multiple address spaces", Certain(FindingIds.GroupSeveralAddressSpaces)),

        // libvirt with iommufd, and QEMU: the node of one device.
        new("cannot open VFIO device {path}: {reason}", [.. Perhaps(FindingIds.VfioNodeInaccessible, FindingIds.SecurityDenied)]) { Errno = 13 },
        new("cannot open VFIO device {path}: {reason}", [.. Perhaps(FindingIds.SecurityDenied, FindingIds.VfioNodeInaccessible)]) { Errno = 1 },
        new("cannot open VFIO device {path}: {reason}", [.. Perhaps(FindingIds.GroupBusy, FindingIds.DeviceInUseByDomain)]) { Errno = 16 },
        new("cannot open VFIO device {path}: {reason}", [NoCdev, NoDeviceNode]) { Errno = 2 },
        new("cannot open VFIO device {path}: {reason}", [.. CauseSets.NoVfio]) { Errno = 19 },
        new("cannot open VFIO device", [.. Perhaps(FindingIds.VfioNodeMissing, FindingIds.VfioNodeInaccessible, FindingIds.GroupBusy)]),
        new("failed to open {path}/vfio-dev: {reason}", new ProposedCause(FindingIds.VfioIommufdMissing)) { Errno = 2 },
        new("failed to open /dev/vfio/devices/{node}: {reason}", [NoCdev, NoDeviceNode]) { Errno = 2 },
        new("/dev/vfio/devices/{node}: {reason}", [NoCdev, NoDeviceNode]) { Errno = 2 },
        new("failed to open /dev/vfio/vfio: {reason}", [.. Perhaps(FindingIds.VfioNodeInaccessible, FindingIds.SecurityDenied)]) { Errno = 13 },
        new("failed to open /dev/vfio/vfio: {reason}", [.. Perhaps(FindingIds.SecurityDenied, FindingIds.VfioNodeInaccessible)]) { Errno = 1 },
        new("failed to open /dev/vfio/vfio: {reason}", [.. CauseSets.NoVfio]) { Errno = 2 },
        new("failed to open /dev/vfio/vfio: {reason}", [.. CauseSets.NoVfio]) { Errno = 19 },
        new("failed to open /dev/vfio/vfio", [.. CauseSets.NoVfio, .. Perhaps(FindingIds.VfioNodeInaccessible, FindingIds.SecurityDenied)]),
        new("failed to open /dev/vfio/devices/{node}: {reason}", [.. Perhaps(FindingIds.VfioNodeInaccessible, FindingIds.SecurityDenied)]) { Errno = 13 },
        new("failed to open /dev/vfio/{group}: {reason}", Certain(
            FindingIds.GroupBusy,
            "another process has IOMMU group {group} open, and VFIO gives a group to only one process",
            "end the other user of the group: another guest with a device of it, or a process that is still running (fuser -v /dev/vfio/{group})"),
            new(FindingIds.DeviceInUseByDomain)) { Errno = 16 },
        new("failed to open /dev/vfio/{group}: {reason}", [.. Perhaps(FindingIds.VfioNodeInaccessible, FindingIds.SecurityDenied)]) { Errno = 13 },
        new("failed to open /dev/vfio/{group}: {reason}", [.. Perhaps(FindingIds.SecurityDenied, FindingIds.VfioNoIommu, FindingIds.VfioNodeInaccessible)]) { Errno = 1 },
        new("failed to open /dev/vfio/{group}: {reason}",
            [.. Perhaps(FindingIds.DeviceHasActiveVirtualFunctions), .. CauseSets.NoVfio, new(FindingIds.DeviceDriverBindFailed, Title: NothingOfGroup, Remedy: BindGroup)]) { Errno = 2 },
        new("failed to open /dev/vfio/{group}", [.. Perhaps(FindingIds.GroupBusy, FindingIds.VfioNodeInaccessible, FindingIds.VfioNodeMissing, FindingIds.SecurityDenied)]),
        new("Path '/dev/vfio/{group}' is not accessible: {reason}", [.. Perhaps(FindingIds.VfioNodeInaccessible, FindingIds.SecurityDenied)]) { Errno = 13 },
        new("Path '/dev/vfio/{group}' is not accessible",
            [.. Perhaps(FindingIds.DeviceHasActiveVirtualFunctions), .. CauseSets.NoVfio, new(FindingIds.DeviceDriverBindFailed, Title: NothingOfGroup, Remedy: BindGroup)]),

        new("no iommu_group found: {reason}", [.. Perhaps(FindingIds.DeviceNotFound), .. CauseSets.NoIommu]),
        new("no iommu_group found", [.. CauseSets.NoIommu]),
        new("failed to get group {group} status", [.. CauseSets.NoIommu, .. Perhaps(FindingIds.VfioNodeMissing)]),
        // A virtual function that is a vGPU is named by its address too: the number does not distinguish it from a device that does not wake up.
        new("error getting device from group {group}: {reason}", [new(
            FindingIds.MediatedDeviceNotCreated,
            Title: "the driver of the physical device refused to open the mediated device of group {group}",
            Remedy: "read the kernel's log and that of the vendor's manager (nvidia-vgpu-mgr): the licence, the type of the vGPU, or the guest's memory may not fit"),
            .. Perhaps(FindingIds.DeviceUnresponsive)]) { Errno = 5 },
        new("error getting device from group {group}: {reason}", [.. Perhaps(FindingIds.GroupBusy, FindingIds.GroupNotViable, FindingIds.DeviceDriverBindFailed)]),
        new("error getting device from group {group}", [.. Perhaps(FindingIds.GroupBusy, FindingIds.GroupNotViable, FindingIds.DeviceDriverBindFailed)]),
        new("error disconnecting group {group} from container", new ProposedCause(FindingIds.GroupBusy)) { Role = ErrorRole.Hint },
        new("device is already attached", Definition("the guest already has {device}", "define each device only once: look for a second <hostdev> or -device with the same address")),

        new("cannot limit locked memory of process", [.. CauseSets.LockLimit]),
        // vfio_pin_map_dma() returns ENOMEM for the limit on locked memory, and if the kernel has no memory for its own tables.
        new("VFIO_MAP_DMA failed: {reason}", [.. CauseSets.LockLimit, .. Perhaps(FindingIds.MemoryExhausted)]) { Errno = 12 },
        new("vfio_dma_map({arguments}) = -12", [.. CauseSets.LockLimit, .. Perhaps(FindingIds.MemoryExhausted)]),
        new("IOMMU_IOAS_MAP failed: {reason}", [.. CauseSets.LockLimit, .. Perhaps(FindingIds.MemoryExhausted)]) { Errno = 12 },
        new("VFIO_MAP_DMA failed: {reason}", OutOfReach) { Errno = 22 },
        new("vfio_dma_map({arguments}) = -22", OutOfReach),
        new("VFIO_MAP_DMA failed: {reason}", TooMany) { Errno = 28 },
        new("vfio_dma_map({arguments}) = -28", TooMany),
        new("possibly running out of DMA mappings", TooMany),
        new("VFIO_MAP_DMA failed", NotMapped),
        new("vfio_dma_map(", NotMapped),
        new("IOMMU_IOAS_MAP failed: {reason}, PCI BAR?", NotMapped) { Role = ErrorRole.Hint },
        new("IOMMU_IOAS_MAP failed", NotMapped),

        new("vfio_dma_unmap(", NotMapped) { Role = ErrorRole.Hint },
        new("vfio_dma_unmap() failed", NotMapped) { Role = ErrorRole.Hint },
        new("VFIO_UNMAP_DMA failed", NotMapped) { Role = ErrorRole.Hint },
        new("VFIO_UNMAP_DMA with DIRTY_BITMAP", NotMapped) { Role = ErrorRole.Hint },
        new("UNMAP: Size of bitmap too big", NotMapped) { Role = ErrorRole.Hint },
        new("IOMMU_IOAS_UNMAP failed", NotMapped) { Role = ErrorRole.Hint },
        new("received unaligned region", NotMapped) { Role = ErrorRole.Hint },
        new("Wrong target AS", NotMapped) { Role = ErrorRole.Hint },
        new("Cannot get IOVA ranges", NotMapped) { Role = ErrorRole.Hint },
        new("Cannot set discarding of RAM broken", Definition(
            "a device of the host requires all of the guest's memory to stay allocated, but another device of the guest returns memory", "remove virtio-mem or the balloon's free page reporting from the domain")),

        new("/dev/iommu opening failed", NoIommufd),
        new("cannot open IOMMUFD device", NoIommufd),
        new("IOMMU FD support requires /dev/iommu device", NoIommufd),
        new("IOMMUFD is not supported on this platform", NoIommufd),
        new("'iommufd' is not a valid object type", Certain(FindingIds.QemuNoVfio, "this QEMU does not know IOMMUFD", "use QEMU 8.2 or newer, or remove iommufd from the domain")),
        new("failed to find vfio-dev/vfioX/dev", [new(FindingIds.VfioIommufdMissing, IsCertain: true, "the kernel does not create a node for the single device {device}", NoCdevRemedy)]),
        new("error bind device fd={fd} to iommufd={number}: {reason}", [.. CauseSets.IommuRefuses, .. Perhaps(FindingIds.GroupBusy, FindingIds.GroupNotViable)]),
        new("error bind device fd={fd} to iommufd=", [.. CauseSets.IommuRefuses, .. Perhaps(FindingIds.GroupBusy, FindingIds.GroupNotViable)]),
        new("error attach {device} ({fd}) to id=", [.. CauseSets.IommuRefuses, .. Perhaps(FindingIds.GroupNotViable)]),
        new("Failed to allocate ioas", NoIommufd),
    ];

    // The kernel itself makes no such nodes: libvirt 12.9 on a kernel without IOMMUFD says no more than that the node is missing.
    private static ProposedCause NoCdev => new(
        FindingIds.VfioIommufdMissing, IsCertain: false, "the kernel creates no node {path} for a single device, because it was built without it", NoCdevRemedy)
    {
        Test = CauseTests.LacksIommufd,
    };

    private static ProposedCause NoDeviceNode => new(
        FindingIds.VfioNodeMissing, IsCertain: true,
        "the program that opens the device has no node {path}, although VFIO uses device nodes there",
        "pass /dev/vfio/devices as well as /dev/vfio/GROUP to the program (a container: pass the character device that /sys/bus/pci/devices/ADDRESS/vfio-dev/vfioN/dev names), or remove iommufd from the domain; on the host itself, udev creates the node")
    {
        Test = CauseTests.HasNoDeviceNode,
    };

    private const string NothingOfGroup = "no device of IOMMU group {group} is bound to vfio-pci, so there is no /dev/vfio/{group}";
    private const string BindGroup =
        "let libvirt bind it (managed='yes') or bind it yourself (virsh nodedev-detach); if the program runs in a container or its own mount namespace, pass the node to it";

    private const string NoCdevRemedy = "use a kernel of 6.6 or newer with CONFIG_VFIO_DEVICE_CDEV and bind the device to vfio-pci, or remove iommufd from the domain";

    private static ProposedCause NoIommufd => Certain(
        FindingIds.VfioIommufdMissing,
        "the domain asks for IOMMUFD, but /dev/iommu cannot be opened",
        "load iommufd (modprobe iommufd, Linux 6.2 or newer) and allow the emulator to open /dev/iommu, or remove iommufd from the domain");

    private static ProposedCause OutOfReach => Certain(
        FindingIds.VfioDmaMappingFailed,
        "the guest's memory is at addresses that the IOMMU cannot map: beyond its address width, or in a range that is reserved for the device",
        "give the guest less memory or a CPU with a narrower address width (maxphysaddr), and check the reserved_regions of the device's group; on some hosts a newer firmware helps");

    private static ProposedCause TooMany => Certain(
        FindingIds.VfioDmaMappingFailed,
        "the guest's memory has more pieces than VFIO can map for one container",
        "raise dma_entry_limit of vfio_iommu_type1, or the block size of virtio-mem");

    private static ProposedCause NotMapped => Certain(FindingIds.VfioDmaMappingFailed);
}
