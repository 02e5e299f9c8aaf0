using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.Readiness.Explained;

/// <summary>Descriptions of findings that only an error shows: about the host, libvirt and QEMU.</summary>
internal static class ExplainedHostFindings
{
    public static ValueList<FindingDescription> All { get; } =
    [
        new()
        {
            Id = FindingIds.IommuFirmwareTableBroken,
            Severity = FindingSeverity.Error,
            Title = "the firmware's IOMMU table is broken",
            Meaning = 
                "The kernel's log says: Your BIOS is broken, or: not in IVRS table. The kernel then does not use the IOMMU, or "
                + "interrupt remapping.",
            Detection = "The kernel's log.",
            Remedy = "Update the firmware. For AMD, a missing I/O APIC can be specified by hand: ivrs_ioapic[ID]=BDF.",
        },
        new()
        {
            Id = FindingIds.KvmUnavailable,
            Severity = FindingSeverity.Error,
            Title = "KVM is not available",
            Meaning = 
                "The domain asks for KVM, but /dev/kvm does not exist or the emulator may not open it. Passthrough does not need "
                + "KVM: an emulated guest (type='qemu') can own a device too, but is slow.",
            Detection = "The text of the error; whether the processors have virtualisation.",
            Remedy = 
                "modprobe kvm_intel or kvm_amd. In a virtual machine, enable nested virtualisation on its host; otherwise use type='qemu'.",
        },
        new()
        {
            Id = FindingIds.LibvirtBusy,
            Severity = FindingSeverity.Error,
            Title = "another call keeps libvirt or the domain busy",
            Meaning = 
                "libvirt says: cannot acquire state change lock. A driver of the host that does not release its device makes "
                + "libvirt, and every later caller, wait forever.",
            Detection = "libvirt's error code and its text.",
            Remedy = "Wait, or find out what hangs (journalctl -u libvirtd, dmesg). As a last resort, restart the daemon.",
        },
        new()
        {
            Id = FindingIds.LibvirtHookFailed,
            Severity = FindingSeverity.Error,
            Title = "the operator's hook script of libvirt failed",
            Meaning = 
                "libvirt runs scripts under /etc/libvirt/hooks and refuses the operation if one fails. A script that calls virsh "
                + "waits for libvirt while libvirt waits for the script.",
            Detection = "libvirt's error code.",
            Remedy = "Run the script by hand with the same arguments; it must not call virsh.",
        },
        new()
        {
            Id = FindingIds.LibvirtNotSupported,
            Severity = FindingSeverity.Error,
            Title = "this libvirt does not support the request",
            Meaning = 
                "The driver of the connection lacks the function, or supports it only while the domain does not run. libvirt "
                + "says: this function is not supported by the connection driver.",
            Detection = "libvirt's error code.",
            Remedy = 
                "Use the connection of the hypervisor itself (qemu:///system, xen:///system) or a newer libvirt, or change only "
                + "the definition (--config).",
        },
        new()
        {
            Id = FindingIds.QemuNoVfio,
            Severity = FindingSeverity.Error,
            Title = "this QEMU does not support VFIO",
            Meaning = "QEMU was built without it, or without the requested part. It says: 'vfio-pci' is not a valid device model name.",
            Detection = "The text of the error.",
            Remedy = "Install the complete QEMU of the distribution for this machine, or a newer one.",
        },
        new()
        {
            Id = FindingIds.XenHideMalformed,
            Severity = FindingSeverity.Error,
            Title = "xen-pciback cannot parse the list of devices to hide",
            Meaning =
                "xen-pciback.hide= takes PCI addresses in parentheses: (0000:01:00.0)(0000:01:00.1). If one entry cannot be parsed, the "
                + "driver does not start. The kernel's log says: Error parsing pci_devs_to_hide, and Xen's tools say: Looks like pciback "
                + "driver not loaded.",
            Detection =
                "The kernel's log and /proc/cmdline.",
            Remedy =
                "Correct or remove xen-pciback.hide= in the kernel's parameters and reboot. If xen-pciback is built into the kernel, "
                + "modprobe cannot load it.",
        },
        new()
        {
            Id = FindingIds.XenIgdPassthru,
            Severity = FindingSeverity.Error,
            Title = "QEMU treats the device as Intel's integrated graphics",
            Meaning =
                "Under Xen, QEMU treats any device that has the address 00:02.0 on its host as Intel's integrated graphics and "
                + "asks for its configuration: Need to enable igd-passthru if you're trying to passthrough IGD GFX. In a stub "
                + "domain, another device can have this address.",
            Detection =
                "The text of QEMU's error.",
            Remedy =
                "For Intel's graphics, set gfx_passthru=1 in the guest's definition. Give any other device another address in the stub "
                + "domain.",
        },
    ];
}
