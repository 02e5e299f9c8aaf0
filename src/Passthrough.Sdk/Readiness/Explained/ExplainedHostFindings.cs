using System.Collections.Immutable;

namespace Passthrough.Sdk.Readiness.Explained;

/// <summary>What findings mean that only an error tells of: about the host, libvirt and QEMU.</summary>
internal static class ExplainedHostFindings
{
    public static ImmutableArray<FindingDescription> All { get; } =
    [
        new()
        {
            Id = FindingIds.IommuFirmwareTableBroken,
            Severity = FindingSeverity.Error,
            Title = "the firmware's IOMMU table is broken",
            Meaning = 
                "The kernel's log says: Your BIOS is broken, or: not in IVRS table. The kernel then does without the IOMMU, or without "
                + "interrupt remapping.",
            Detection = "The kernel's log.",
            Remedy = "Update the firmware. For AMD a missing I/O APIC can be named by hand: ivrs_ioapic[ID]=BDF.",
        },
        new()
        {
            Id = FindingIds.KvmUnavailable,
            Severity = FindingSeverity.Error,
            Title = "KVM is not to be had",
            Meaning = 
                "The domain asks for KVM and /dev/kvm is not there or not open to the emulator. Passing a device through does not need it: "
                + "an emulated guest (type='qemu') can own one too, slowly.",
            Detection = "The text of the error; whether the processors have virtualisation.",
            Remedy = 
                "modprobe kvm_intel or kvm_amd; in a virtual machine let the machine below offer nested virtualisation; else write "
                + "type='qemu'.",
        },
        new()
        {
            Id = FindingIds.LibvirtBusy,
            Severity = FindingSeverity.Error,
            Title = "another call keeps libvirt or the domain busy",
            Meaning = 
                "libvirt says: cannot acquire state change lock. A driver of the host that does not let its device go makes libvirt wait "
                + "for ever, and everybody after it.",
            Detection = "libvirt's error code and its text.",
            Remedy = "Wait, or find what hangs (journalctl -u libvirtd, dmesg); restart the daemon at last.",
        },
        new()
        {
            Id = FindingIds.LibvirtHookFailed,
            Severity = FindingSeverity.Error,
            Title = "the operator's hook script of libvirt failed",
            Meaning = 
                "libvirt runs scripts under /etc/libvirt/hooks and takes a failure as a no. A script that calls virsh waits for libvirt, "
                + "and libvirt for it.",
            Detection = "libvirt's error code.",
            Remedy = "Run the script by hand with the same arguments; let it call no virsh.",
        },
        new()
        {
            Id = FindingIds.LibvirtNotSupported,
            Severity = FindingSeverity.Error,
            Title = "this libvirt does not have what was asked for",
            Meaning = 
                "The driver behind the connection lacks the function, or does it only while the domain does not run. libvirt says: this "
                + "function is not supported by the connection driver.",
            Detection = "libvirt's error code.",
            Remedy = 
                "Use the connection of the hypervisor itself (qemu:///system, xen:///system), a newer libvirt, or change the definition "
                + "(--config).",
        },
        new()
        {
            Id = FindingIds.QemuNoVfio,
            Severity = FindingSeverity.Error,
            Title = "this QEMU has no VFIO",
            Meaning = "QEMU was built without it, or without the part that was asked for. It says: 'vfio-pci' is not a valid device model name.",
            Detection = "The text of the error.",
            Remedy = "Install the whole of the distribution's QEMU for this machine, or a newer one.",
        },
        new()
        {
            Id = FindingIds.VfioIommufdMissing,
            Severity = FindingSeverity.Error,
            Title = "there is no IOMMUFD",
            Meaning = "The domain asks for IOMMUFD, the newer way to VFIO, and the kernel has no /dev/iommu or makes no nodes for single devices.",
            Detection = "The text of the error; /dev/iommu, /dev/vfio/devices.",
            Remedy = "modprobe iommufd (Linux 6.2 or newer, CONFIG_VFIO_DEVICE_CDEV 6.6), or drop iommufd from the domain.",
        },
    ];
}
