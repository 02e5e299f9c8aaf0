using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Readiness;
using static Passthrough.Sdk.Explain.ErrorPattern;

namespace Passthrough.Sdk.Explain.Patterns;

/// <summary>Messages of libvirt about the host: whether it supports passthrough, and drivers that do not load or bind.</summary>
/// <remarks>Source: libvirt's qemu_domain.c, qemu_driver.c, virpci.c, virt-host-validate, 7 to 12; Proxmox VE and driverctl have similar messages.</remarks>
internal static class LibvirtHostPatterns
{
    public static ValueList<ErrorPattern> All { get; } =
    [
        new("host doesn't support passthrough of host PCI devices", [.. CauseSets.HostCannot]),
        new("host doesn't support VFIO PCI passthrough", [.. CauseSets.HostCannot]),
        new("VFIO device assignment is currently not supported on this system", [.. CauseSets.HostCannot]),
        new("Mediated host device assignment requires VFIO support", [.. CauseSets.HostCannot]),
        new("cannot prepare PCI pass-through, IOMMU not present", [.. CauseSets.NoIommu, .. CauseSets.NoVfio]),
        new("pci backend driver type '{driver}' is not supported", [.. CauseSets.HostCannot]) { Role = ErrorRole.Hint },
        new("pci backend driver '{driver}' is not supported", [.. CauseSets.HostCannot]) { Role = ErrorRole.Hint },
        new("host doesn't support legacy PCI passthrough", LegacyKvm),
        new("device assignment is no longer supported on this system", LegacyKvm),
        new("QEMU does not support device assignment mode", LegacyKvm),
        new("QEMU doesn't support device assignment mode", LegacyKvm),

        new("No ACPI DMAR table found, IOMMU either disabled in BIOS", [.. CauseSets.NoIommu]) { IsOfTables = true },
        new("No ACPI IVRS table found, IOMMU either disabled in BIOS", [.. CauseSets.NoIommu]) { IsOfTables = true },
        new("No ACPI IORT table found", [.. CauseSets.NoIommu]) { IsOfTables = true },
        new("IOMMU appears to be disabled in kernel. Add", [.. CauseSets.NoIommu]) { IsOfTables = true },
        new("Unknown if this platform has IOMMU support", [.. CauseSets.NoIommu]) { IsOfTables = true },
        new("make sure IOMMU is enabled in BIOS", [.. CauseSets.NoIommu]),

        new("Failed to load PCI driver module {driver}: administratively prohibited", Certain(
            FindingIds.VfioModuleBlacklisted,
            "{driver} is blacklisted, or an install line runs a command that does not load it",
            "find the line (modprobe -c | grep -E 'blacklist|install' | grep {driver}), remove it, then modprobe {driver}")),
        new("Failed to load PCI driver module {driver}", [.. CauseSets.NoModule, .. Perhaps(FindingIds.KernelLockdown)]),
        new("Failed to load PCI stub module", [.. CauseSets.NoModule, .. Perhaps(FindingIds.KernelLockdown)]),
        new("modprobe reported success loading module '{driver}', but module is missing from /sys/module", [.. CauseSets.NoModule]),
        new("pci driver '{driver}' supposedly loaded by module '{module}' not found in sysfs", [.. CauseSets.NoModule]),
        new("module '{module}' does not implement any pci driver", Definition("{module} is not a driver of PCI devices", "use vfio-pci or one of its variants as <driver model='...'/>")),
        new("driver '{word}' not found in sysfs", [.. CauseSets.NoVfio]),
        new("Unknown stub driver", Definition()),
        new("unknown driver name '{driver}'", Definition("this libvirt does not bind devices to the driver {driver}", "omit the driver: libvirt chooses vfio-pci or the variant that fits")),
        new("No stub driver configured for PCI device", [.. CauseSets.NoModule]),

        new("Failed to unbind PCI device '{device}' from {driver}: {reason}", [.. CauseSets.InUseByHost, NotReleased("{driver}")]),
        new("Failed to unbind PCI device '{device}' from {driver}", [.. CauseSets.InUseByHost, NotReleased("{driver}")]),
        new("Failed to unbind PCI device", [.. CauseSets.InUseByHost, NotReleased("its driver")]),
        new("Failed to trigger a probe for PCI device '{device}'", [.. NotTaken("no driver bound to {device} when the kernel searched for one")]),
        new("Failed to add driver '{driver}' to driver_override interface of PCI device '{device}'", [.. Perhaps(FindingIds.DeviceNotFound), .. NotTaken("{device} could not be reserved for {driver}")]),
        new("Failed to bind PCI device '{device}' to {driver}", [.. NotTaken("{driver} did not bind to {device}")]),
        new("Failed to add PCI device ID", [.. NotTaken("vfio-pci did not accept the ids of {device}")]),
        new("failed to bind device {device} to driver {driver}", [.. NotTaken("{driver} did not bind to {device}")]),
        new("Cannot bind {device} to vfio", [.. NotTaken("vfio-pci did not bind to {device}")]),
        new("PCI device mapping invalid (hardware probably changed)", Moved),
        new("Configuration for {device} has changed", Moved),
        new("can't reset PCI device '{device}'", [.. Perhaps(FindingIds.DeviceUnresponsive), new(FindingIds.DeviceNoReset, IsCertain: true)]),

        new("Invalid device {device} iommu_group file {path} is not a symlink", [.. CauseSets.NoIommu]),
        new("Unable to resolve device {device} iommu_group symlink", [.. CauseSets.NoIommu]),
        new("iommu_group symlink {path} has invalid group number", [.. CauseSets.NoIommu]),
        new("Invalid device {device} driver file {path} is not a symlink", [.. Perhaps(FindingIds.DeviceNotFound), new(FindingIds.DeviceDriverBindFailed)]),
        new("Unable to resolve device {device} driver symlink", [.. Perhaps(FindingIds.DeviceNotFound), new(FindingIds.DeviceDriverBindFailed)]),

        new("Module vfio-pci not found in directory", NotInKernel),
        new("Module vfio_pci not found in directory", NotInKernel),
        new("Module vfio_iommu_type1 not found in directory", NotInKernel),
        new("Module vfio not found in directory", NotInKernel),
        new("could not insert 'vfio{module}': {reason}", [.. Perhaps(FindingIds.KernelLockdown, FindingIds.VfioModuleUnavailable)]),
        new("Key was rejected by service", [.. Perhaps(FindingIds.KernelLockdown, FindingIds.VfioModuleUnavailable)]),
    ];

    private static ProposedCause LegacyKvm => Definition(
        "the domain asks for KVM's old device assignment, which current kernels no longer have", "remove <driver name='kvm'/> from the <hostdev>: VFIO is the default");

    private static ProposedCause Moved => Certain(
        FindingIds.DeviceMoved,
        "the address belongs to a different device than the expected one, or the device has changed its group",
        "find its current address (lspci -D) and correct the mapping or the definition");

    private static ProposedCause NotInKernel => Certain(
        FindingIds.VfioModuleUnavailable,
        "the running kernel has no vfio-pci",
        "if the kernel was replaced, boot the installed one; install the remaining modules (linux-modules-extra on some distributions), or a kernel with CONFIG_VFIO_PCI");

    private static ProposedCause NotReleased(string driver) => Certain(
        FindingIds.DeviceDriverBindFailed,
        $"{driver} did not release {{device}}",
        "stop what uses the device on the host (unmount, ip link set down, the display server, nvidia-persistenced); dmesg shows why a driver refuses");

    private static ValueList<ProposedCause> NotTaken(string title) =>
    [
        .. Perhaps(FindingIds.DeviceIsBridge),
        .. CauseSets.NoIommu,
        .. CauseSets.NoModule,
        .. Perhaps(FindingIds.DeviceUnresponsive),
        Certain(FindingIds.DeviceDriverBindFailed, title, "dmesg shows the reason: vfio-pci refuses bridges, devices without an IOMMU group, and devices that do not respond"),
    ];
}
