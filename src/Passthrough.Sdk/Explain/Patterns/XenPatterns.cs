using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Readiness;
using static Passthrough.Sdk.Explain.ErrorPattern;

namespace Passthrough.Sdk.Explain.Patterns;

/// <summary>Messages of Xen, its library libxl and xl.</summary>
/// <remarks>Source: Xen 4.11 to 4.19, tools/libs/light/libxl_pci.c, libxl_create.c and xen/drivers/passthrough.</remarks>
internal static class XenPatterns
{
    public static ValueList<ErrorPattern> All { get; } =
    [
        Xen("passthrough not supported on this platform", NoDirectIo),
        Xen("passthrough not yet supported for x86 PVH guests", Certain(FindingIds.XenPvhWithoutDevices)),
        Xen("device model {path} is not executable", Certain(FindingIds.QemuMissing, "Xen's QEMU for fully virtualised guests, {path}, is not installed", "install it (qemu-system-xen on Debian and Ubuntu), or use a paravirtualised guest")),
        Xen("passthrough disabled but devices are specified", Definition("the domain has devices of the host, but says passthrough=\"disabled\"", "remove passthrough from the domain, or its devices")),
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

        .. OfTheKernel,
        Xen("pciback driver is not loaded", HideMalformed with { IsCertain = false }, NoPciback with { IsCertain = false }),
        Xen("Looks like pciback driver not loaded", HideMalformed with { IsCertain = false }, NoPciback with { IsCertain = false }),
        Xen("Failed to load PCI stub module pciback", HideMalformed with { IsCertain = false }, NoPciback),
        Xen("Failed to load PCI driver module pciback", HideMalformed with { IsCertain = false }, NoPciback),
        Xen("Failed to load PCI driver module xen-pciback", HideMalformed with { IsCertain = false }, NoPciback),
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

    /// <summary>Messages of dom0's kernel.</summary>
    public static ValueList<ErrorPattern> OfTheKernel =>
    [
        Xen("Error parsing pci_devs_to_hide at {value}", HideMalformed),
        Xen("Error parsing pci_devs_to_hide", HideMalformed),
    ];

    private static ProposedCause NoDirectIo => Certain(
        FindingIds.XenNoDirectIo,
        "Xen does not use an IOMMU, so no guest can own a device, not even a paravirtualised one",
        "enable VT-d or AMD-Vi in the firmware's set-up, and remove iommu=off from Xen's own parameters (xl dmesg shows what Xen found; xl info then lists hvm_directio or pv_directio); dom0's intel_iommu= has no effect");

    private static ProposedCause Reserved => Certain(
        FindingIds.DeviceReservedMemory,
        "the firmware reserves memory for {device} together with others (RMRR), and Xen does not assign it alone",
        "rdm_policy=relaxed accepts the risk; it is better to find a firmware setting that removes the reservation, or to use another slot");

    private static ProposedCause NoPciback => Certain(
        FindingIds.XenPcibackMissing, "dom0 lacks xen-pciback, which passes devices to Xen's guests", "modprobe xen-pciback; to load it at every boot: echo xen-pciback > /etc/modules-load.d/xen-pciback.conf");

    private static ProposedCause HideMalformed => new(
        FindingIds.XenHideMalformed, IsCertain: true,
        "xen-pciback does not start: the list of devices in xen-pciback.hide= cannot be parsed",
        "write addresses in parentheses, xen-pciback.hide=(0000:01:00.0)(0000:01:00.1), or remove the parameter, and reboot; modprobe cannot load it if xen-pciback is built into the kernel");

    private static ProposedCause NotAssignable => Certain(
        FindingIds.DeviceDriverBindFailed, "{device} is not bound to pciback, so Xen's guests cannot use it", "xl pci-assignable-add {device}, or managed='yes' in libvirt's definition");

    private static ProposedCause InUse => Certain(
        FindingIds.DeviceInUseByDomain, "{device} belongs to another domain of Xen", "xl pci-list DOMAIN shows its owner; detach it there first (xl pci-detach), or shut that domain down");

    private static ProposedCause Toolstack => Certain(
        FindingIds.LibvirtUnreachable, "Xen's own services do not run, or this kernel does not run on Xen", "boot the boot loader's Xen entry and start xenstored (systemctl start xenstored xenconsoled); libvirt works only after xl list does");

    private static ProposedCause[] Unspoken => [.. Perhaps(FindingIds.XenNoDirectIo, FindingIds.XenPcibackMissing), Unread];

    private static ProposedCause Unread => new(
        FindingIds.DomainEmulatorDied,
        Title: "Xen's library failed, and only its log contains the reason",
        Remedy: "read the end of /var/log/libvirt/libxl/libxl-driver.log, which may name the cause; try the same with xl -vvv create");

    private static ErrorPattern Xen(string template, params ReadOnlySpan<ProposedCause> causes) => new(template, causes) { IsXen = true };

    private static ErrorPattern WithErrno(string template, int errno, params ReadOnlySpan<ProposedCause> causes) => new(template, causes) { IsXen = true, Errno = errno };
}
