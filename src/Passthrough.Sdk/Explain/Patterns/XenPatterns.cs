using System.Collections.Immutable;
using Passthrough.Sdk.Readiness;
using static Passthrough.Sdk.Explain.ErrorPattern;

namespace Passthrough.Sdk.Explain.Patterns;

/// <summary>What Xen, its library libxl and xl say.</summary>
/// <remarks>Source: Xen 4.11 to 4.19, tools/libs/light/libxl_pci.c, libxl_create.c and xen/drivers/passthrough.</remarks>
internal static class XenPatterns
{
    public static ImmutableArray<ErrorPattern> All { get; } =
    [
        Xen("passthrough not supported on this platform", NoDirectIo),
        Xen("passthrough disabled but devices are specified", Definition("the domain has devices of the host and says passthrough=\"disabled\"", "drop passthrough from the domain, or its devices")),
        WithErrno("xc_assign_device failed: {reason}", 95, NoDirectIo),
        WithErrno("xc_assign_device failed: {reason}", 38, NoDirectIo),
        WithErrno("xc_assign_device failed: {reason}", 19, new(FindingIds.XenNoDirectIo), new(FindingIds.DeviceNotFound)),
        WithErrno("xc_assign_device failed: {reason}", 16, InUse),
        Xen("xc_assign_device failed", new(FindingIds.XenNoDirectIo), new(FindingIds.DeviceReservedMemory), new(FindingIds.DeviceInUseByDomain)),
        Xen("xc_deassign_device failed", new(FindingIds.DeviceUnresponsive), new(FindingIds.DeviceInUseByDomain)),
        Xen("failed to assign device, maybe the platform doesn't have VT-d", NoDirectIo),
        Xen("PCI device assignment to HVM guest failed due to Paging/Sharing", Definition()),
        Xen("I/O virtualisation disabled", NoDirectIo),
        Xen("Failed to parse ACPI DMAR.  Disabling VT-d", NoDirectIo),
        Xen("AMD-Vi: Disabled", NoDirectIo),
        Xen("Interrupt Remapping not enabled", new ProposedCause(FindingIds.InterruptRemappingMissing)),
        Xen("shared RMRR at", Reserved),
        Xen("cannot be assigned{detail}RMRR", Reserved),

        Xen("pciback driver is not loaded", NoPciback),
        Xen("Looks like pciback driver not loaded", NoPciback),
        Xen("Failed to load PCI stub module pciback", NoPciback),
        Xen("Failed to load PCI driver module pciback", NoPciback),
        Xen("Failed to load PCI driver module xen-pciback", NoPciback),
        Xen("/sys/bus/pci/drivers/pciback", NoPciback),
        Xen("xen-pciback{detail}not found in directory", NoPciback),
        Xen("is not bound to pciback", new(FindingIds.XenPcibackMissing), NotAssignable),
        Xen("Domain {number}:PCI device {device} is not assignable", new(FindingIds.XenPcibackMissing), NotAssignable),
        Xen("libxl{detail}PCI device {device} is not assignable", new(FindingIds.XenPcibackMissing), NotAssignable),
        Xen("is not assignable to guest", new(FindingIds.XenPcibackMissing), NotAssignable),
        Xen("PCI device {device} already assigned to a domain", InUse),
        Xen("already assigned to a different guest", InUse),
        Xen("is assigned to guest. Not safe to release", InUse),
        Xen("failed to create PCI backend", new ProposedCause(FindingIds.XenPcibackMissing)),
        Xen("Unable to get bdf to re-bind", new ProposedCause(FindingIds.DeviceDriverBindFailed)),
        Xen("Couldn't bind device to pciback", new(FindingIds.XenPcibackMissing), NotAssignable),
        Xen("could not be made assignable", new(FindingIds.XenPcibackMissing), NotAssignable),

        Xen("could not connect with xenstore", Toolstack),
        Xen("Could not obtain handle on privileged command interface", Toolstack),
        Xen("xencall: error: Could not obtain handle", Toolstack),
        Xen("unable to add pci device").As(ErrorRole.Container),
        Xen("libxl_device_pci_add failed for PCI device {device}").As(ErrorRole.Container),
        Xen("libxenlight failed to attach pci device {device}", Unspoken).As(ErrorRole.Container),
        Xen("libxenlight failed to create new domain '{domain}'", Unspoken).As(ErrorRole.Container),
        Xen("libxenlight failed to create new domain", Unspoken).As(ErrorRole.Container),
        Xen("libxenlight failed to", Unspoken).As(ErrorRole.Container),
    ];

    private static ProposedCause NoDirectIo => Certain(
        FindingIds.XenNoDirectIo,
        "Xen drives no IOMMU, so that no guest can own a device, a paravirtualised one neither",
        "enable VT-d or AMD-Vi in the firmware's set-up, and drop iommu=off from Xen's own parameters (xl dmesg says what it found; xl info lists hvm_directio or pv_directio then); dom0's intel_iommu= does nothing");

    private static ProposedCause Reserved => Certain(
        FindingIds.DeviceReservedMemory,
        "the firmware reserves memory for {device} together with others (RMRR), and Xen does not give it away alone",
        "rdm_policy=relaxed takes the risk; better look for a setting of the firmware that drops the reservation, or use another slot");

    private static ProposedCause NoPciback => Certain(
        FindingIds.XenPcibackMissing, "dom0 has no xen-pciback, which hands devices to Xen's guests", "modprobe xen-pciback; for every boot: echo xen-pciback > /etc/modules-load.d/xen-pciback.conf");

    private static ProposedCause NotAssignable => Certain(
        FindingIds.DeviceDriverBindFailed, "{device} is not with pciback, so that Xen's guests cannot have it", "xl pci-assignable-add {device}, or managed='yes' in libvirt's definition");

    private static ProposedCause InUse => Certain(
        FindingIds.DeviceInUseByDomain, "{device} belongs to another domain of Xen", "xl pci-list DOMAIN tells whose it is; take it from there first (xl pci-detach), or shut that domain down");

    private static ProposedCause Toolstack => Certain(
        FindingIds.LibvirtUnreachable, "Xen's own services do not run, or this kernel does not run on Xen", "boot Xen's entry of the boot loader and start xenstored (systemctl start xenstored xenconsoled); xl list must answer before libvirt can");

    private static ProposedCause[] Unspoken => [.. Perhaps(FindingIds.XenNoDirectIo, FindingIds.XenPcibackMissing), Unread];

    private static ProposedCause Unread => new(
        FindingIds.DomainEmulatorDied,
        Title: "Xen's library could not do it, and says why in its log only",
        Remedy: "read the end of /var/log/libvirt/libxl/libxl-driver.log, or pass it to passthrough explain; try the same with xl -vvv create");

    private static ErrorPattern Xen(string template, params ReadOnlySpan<ProposedCause> causes) => new(template, causes) { IsXen = true };

    private static ErrorPattern WithErrno(string template, int errno, params ReadOnlySpan<ProposedCause> causes) => new(template, causes) { IsXen = true, Errno = errno };
}
