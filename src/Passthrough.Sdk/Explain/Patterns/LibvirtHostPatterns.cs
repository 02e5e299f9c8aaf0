using System.Collections.Immutable;
using Passthrough.Sdk.Readiness;
using static Passthrough.Sdk.Explain.ErrorPattern;

namespace Passthrough.Sdk.Explain.Patterns;

/// <summary>What libvirt says of the host: whether it can at all, and drivers that do not load or bind.</summary>
/// <remarks>Source: libvirt's qemu_domain.c, qemu_driver.c, virpci.c, virt-host-validate, 7 to 12; Proxmox VE and driverctl say the same in other words.</remarks>
internal static class LibvirtHostPatterns
{
    public static ImmutableArray<ErrorPattern> All { get; } =
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

        new("No ACPI DMAR table found, IOMMU either disabled in BIOS", [.. CauseSets.NoIommu]),
        new("No ACPI IVRS table found, IOMMU either disabled in BIOS", [.. CauseSets.NoIommu]),
        new("No ACPI IORT table found", [.. CauseSets.NoIommu]),
        new("IOMMU appears to be disabled in kernel. Add", [.. CauseSets.NoIommu]),
        new("Unknown if this platform has IOMMU support", [.. CauseSets.NoIommu]),
        new("make sure IOMMU is enabled in BIOS", [.. CauseSets.NoIommu]),

        new("Failed to load PCI driver module {driver}: administratively prohibited", Certain(
            FindingIds.VfioModuleBlacklisted,
            "{driver} is blacklisted, or its loading replaced by a command that loads nothing",
            "find the line (modprobe -c | grep -E 'blacklist|install' | grep {driver}), remove it, then modprobe {driver}")),
        new("Failed to load PCI driver module {driver}", [.. CauseSets.NoModule, .. Perhaps(FindingIds.KernelLockdown)]),
        new("Failed to load PCI stub module", [.. CauseSets.NoModule, .. Perhaps(FindingIds.KernelLockdown)]),
        new("modprobe reported success loading module '{driver}', but module is missing from /sys/module", [.. CauseSets.NoModule]),
        new("pci driver '{driver}' supposedly loaded by module '{module}' not found in sysfs", [.. CauseSets.NoModule]),
        new("module '{module}' does not implement any pci driver", Definition("{module} is no driver of PCI devices", "name vfio-pci or one of its variants as <driver model='...'/>")),
        new("driver '{driver}' not found in sysfs", [.. CauseSets.NoVfio]),
        new("Unknown stub driver", Definition()),
        new("unknown driver name '{driver}'", Definition("this libvirt binds devices to no driver {driver}", "leave the driver out: libvirt chooses vfio-pci or the fitting variant")),
        new("No stub driver configured for PCI device", [.. CauseSets.NoModule]),

        new("Failed to unbind PCI device '{device}' from {driver}: {reason}", [.. CauseSets.InUseByHost, NotReleased("{driver}")]),
        new("Failed to unbind PCI device '{device}' from {driver}", [.. CauseSets.InUseByHost, NotReleased("{driver}")]),
        new("Failed to unbind PCI device", [.. CauseSets.InUseByHost, NotReleased("its driver")]),
        new("Failed to trigger a probe for PCI device '{device}'", [.. NotTaken("no driver took {device} when the kernel was asked to find one")]),
        new("Failed to add driver '{driver}' to driver_override interface of PCI device '{device}'", [.. Perhaps(FindingIds.DeviceNotFound), .. NotTaken("{device} could not be set aside for {driver}")]),
        new("Failed to bind PCI device '{device}' to {driver}", [.. NotTaken("{driver} did not take {device}")]),
        new("Failed to add PCI device ID", [.. NotTaken("vfio-pci did not take the ids of {device}")]),
        new("failed to bind device {device} to driver {driver}", [.. NotTaken("{driver} did not take {device}")]),
        new("Cannot bind {device} to vfio", [.. NotTaken("vfio-pci did not take {device}")]),
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
        "the domain asks for KVM's old way of giving devices away, which no kernel has any more", "leave <driver name='kvm'/> out of the <hostdev>: VFIO is the default");

    private static ProposedCause Moved => Certain(
        FindingIds.DeviceMoved,
        "another device than the one that was meant stands at the address, or it has changed its group",
        "look where it is now (passthrough list) and correct the mapping or the definition");

    private static ProposedCause NotInKernel => Certain(
        FindingIds.VfioModuleUnavailable,
        "the running kernel has no vfio-pci",
        "boot the kernel that is installed, where it was replaced; install the rest of its modules (linux-modules-extra on some distributions), or a kernel with CONFIG_VFIO_PCI");

    private static ProposedCause NotReleased(string driver) => Certain(
        FindingIds.DeviceDriverBindFailed,
        $"{driver} did not let {{device}} go",
        "stop what uses the device on the host (unmount, ip link set down, the display server, nvidia-persistenced); dmesg says why a driver refuses");

    private static ImmutableArray<ProposedCause> NotTaken(string title) =>
    [
        .. Perhaps(FindingIds.DeviceIsBridge),
        .. CauseSets.NoIommu,
        .. CauseSets.NoModule,
        .. Perhaps(FindingIds.DeviceUnresponsive),
        Certain(FindingIds.DeviceDriverBindFailed, title, "dmesg says why: vfio-pci takes no bridge, no device without an IOMMU group, and none that does not answer"),
    ];
}
