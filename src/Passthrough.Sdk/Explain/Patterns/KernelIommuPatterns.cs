using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Readiness;
using static Passthrough.Sdk.Explain.ErrorPattern;

namespace Passthrough.Sdk.Explain.Patterns;

/// <summary>Messages of the kernel about IOMMUs, interrupt remapping and VFIO itself.</summary>
/// <remarks>Source: the kernel's drivers/iommu and drivers/vfio, 4.x to 6.x.</remarks>
internal static class KernelIommuPatterns
{
    public static ValueList<ErrorPattern> All { get; } =
    [
        new("Device is ineligible for IOMMU domain attach due to platform RMRR requirement", Reserved),
        new("Firmware has requested this device have a 1:1 IOMMU mapping", Reserved),
        new("requires a reserved memory mapping", Reserved),

        new("No interrupt remapping support. Use the module param", NoRemapping),
        new("No interrupt remapping for device", NoRemapping),
        new("interrupt remapping is being disabled", NoRemapping),
        new("Not enabling interrupt remapping", NoRemapping),
        new("Disabling interrupt remapping", NoRemapping),
        new("Interrupt remapping hardware not found", NoRemapping),

        new("RLIMIT_MEMLOCK ({limit}) exceeded", [.. CauseSets.LockLimit]),
        new("RLIMIT_MEMLOCK{detail}exceeded", [.. CauseSets.LockLimit]),

        new("DMAR: IOMMU disabled", [.. CauseSets.NoIommu]),
        new("^IOMMU disabled", [.. CauseSets.NoIommu]),
        new("Intel-IOMMU: disabled", [.. CauseSets.NoIommu]),
        new("AMD-Vi: IOMMU not detected", [.. CauseSets.NoIommu]),
        new("^IOMMU not detected", [.. CauseSets.NoIommu]),
        new("AMD IOMMUv2 functionality not available on this system", [.. CauseSets.NoIommu]) { Role = ErrorRole.Hint },
        new("^AMD IOMMU disabled", [.. CauseSets.NoIommu]),
        new("Failed to parse ACPI DMAR", [.. CauseSets.NoIommu]),
        new("Your BIOS is broken{detail}DMAR", BrokenTable),
        new("DMAR{detail}Your BIOS is broken", BrokenTable),
        new("not in IVRS table", BrokenTable),
        new("AMD-Vi: Error initializing the IOMMU", BrokenTable),
        new("^Error initializing the IOMMU", BrokenTable),
        new("IVHD table type info return failed", BrokenTable),
        new("parse DMAR table failure", BrokenTable),
        new("No southbridge IOAPIC found", BrokenTable),

        // With and without "PASID ffffffff" between the device and the address, and with "DMAR:[DMA Read]" of the oldest kernels.
        new("[DMA Read{detail}] Request device [{device}]{pasid}fault addr {fault}", Fault),
        new("[DMA Write{detail}] Request device [{device}]{pasid}fault addr {fault}", Fault),
        new("[DMA{detail}] Request device [{device}]{pasid}fault addr {fault}", Fault),
        new("DRHD: handling fault status reg", Fault) { Role = ErrorRole.Hint },
        new("dmar_fault: {count} callbacks suppressed", Fault) { Role = ErrorRole.Hint },
        new("[IO_PAGE_FAULT device={device} ", Fault),
        new("IO_PAGE_FAULT device={device} ", Fault),
        new("Event logged [IO_PAGE_FAULT", Fault),
        new("Unhandled context fault: fsr=", Fault),
        new("arm-smmu{detail}Unhandled context fault", Fault),
        new("[INTR-REMAP] Request device [{device}] fault", Fault),

        new("vfio-pci: probe of {device} failed with error -{reason}", [.. Perhaps(FindingIds.DeviceIsBridge), .. CauseSets.NoIommu, ProbeFailed]) { Errno = 22 },
        new("vfio-pci {device}: probe with driver vfio-pci failed with error -{reason}", [.. Perhaps(FindingIds.DeviceIsBridge), .. CauseSets.NoIommu, ProbeFailed]) { Errno = 22 },
        new("vfio-pci: probe of {device} failed with error -{reason}", Denylisted, ProbeFailed) { Errno = 1 },
        new("probe with driver vfio-pci failed with error -{reason}", Denylisted, ProbeFailed) { Errno = 1 },
        new("vfio-pci: probe of {device} failed with error -{reason}", new(FindingIds.DeviceIsBootDisplay), new(FindingIds.GroupBusy), ProbeFailed) { Errno = 16 },
        new("probe with driver vfio-pci failed with error -{reason}", new(FindingIds.DeviceIsBootDisplay), new(FindingIds.GroupBusy), ProbeFailed) { Errno = 16 },
        new("vfio-pci: probe of {device} failed with error -{number}", [.. Perhaps(FindingIds.DeviceUnresponsive), ProbeFailed]),
        new("probe with driver vfio-pci failed with error -{number}", [.. Perhaps(FindingIds.DeviceUnresponsive), ProbeFailed]),
        new("{device} has no iommuGroup available", [.. CauseSets.NoIommu]),
        new("no iommuGroup available", [.. CauseSets.NoIommu]),
        new("denylist, driver probing disallowed", Denylisted with { IsCertain = true }),
        new("exists in vfio-pci device denylist", Denylisted with { IsCertain = true }),
        new("exists in vfio-pci device blacklist", Denylisted with { IsCertain = true }),
        new("Adding kernel taint for vfio-noiommu group on device", new ProposedCause(FindingIds.VfioNoIommu)) { Role = ErrorRole.Hint },
        new("vfio-noiommu device opened by user", new ProposedCause(FindingIds.VfioNoIommu)) { Role = ErrorRole.Hint },

        new("Lockdown: {program}: {action} is restricted", Certain(
            FindingIds.KernelLockdown,
            "the kernel is locked down (Secure Boot) and does not allow {program} to do this: {action}",
            "use VFIO, which works under lockdown, instead of direct access; or switch Secure Boot off and accept the lower protection")),
        new("(outside TXT) disabled by BIOS", VirtualizationOff),
        new("kvm: disabled by bios", VirtualizationOff),
        new("^disabled by bios", VirtualizationOff with { IsCertain = false }),
        new("support disabled by bios", VirtualizationOff with { IsCertain = false }),
        new("SVM disabled (by BIOS)", VirtualizationOff),
        new("kvm: no hardware support", Certain(FindingIds.CpuVirtualizationMissing)),
        new("VMX not supported by CPU", Certain(FindingIds.CpuVirtualizationMissing)),
    ];

    private static ProposedCause Reserved => Certain(
        FindingIds.DeviceReservedMemory,
        "the firmware reserves memory for {device} (RMRR), so the kernel refuses to assign it",
        "find a firmware setting that removes the reservation, or use another slot; no kernel parameter does this safely");

    private static ProposedCause NoRemapping => Certain(
        FindingIds.InterruptRemappingMissing,
        "interrupts are not remapped, so VFIO refuses every device",
        "enable interrupt remapping (x2APIC, VT-d) in the firmware's set-up, or update the firmware, and remove intremap=off from the kernel's parameters; "
        + "allow_unsafe_interrupts=1 of vfio_iommu_type1 works too, but lets a guest forge interrupts");

    private static ProposedCause BrokenTable => Certain(FindingIds.IommuFirmwareTableBroken);

    private static ProposedCause Fault => Certain(
        FindingIds.IommuDmaFault,
        "{device} tried to access memory that the IOMMU does not allow it to access",
        "a device that the firmware or the last guest left running does this briefly, which is harmless; if it continues, look for reserved memory that the firmware does not declare, "
        + "a card that uses the requester id of another function (a kernel quirk), or a guest driver that does not support the virtual IOMMU");

    private static ProposedCause ProbeFailed => Certain(
        FindingIds.DeviceDriverBindFailed, "vfio-pci did not bind to {device}", "search the kernel's log for the reason; then bind it again");

    private static ProposedCause Denylisted => new(
        FindingIds.VfioDeviceDenylisted,
        Title: "vfio-pci deliberately refuses this model of device, because it can break out of its guest or stop the host",
        Remedy: "use a virtual function of it, or another device; options vfio-pci disable_denylist=1 accepts the risk");

    private static ProposedCause VirtualizationOff => Certain(FindingIds.CpuVirtualizationDisabledByFirmware);
}
