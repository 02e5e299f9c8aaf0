using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.Readiness.Explained;

/// <summary>Descriptions of findings that only an error shows: about devices, their groups and virtual functions.</summary>
internal static class ExplainedDeviceFindings
{
    public static ValueList<FindingDescription> All { get; } =
    [
        new()
        {
            Id = FindingIds.DeviceBehindSwitchWithoutAcs,
            Severity = FindingSeverity.Error,
            Title = "the device is behind a switch whose ports can access each other without the IOMMU",
            Meaning = 
                "libvirt says: Device is behind a switch lacking ACS and cannot be assigned, or: PCI device is not assignable. A "
                + "guest could access the registers of neighbouring devices without the IOMMU noticing it.",
            Detection = "The text of libvirt's error; IsolationAnalysis names the bridge that lacks access control.",
            Remedy = "Enable ACS in the firmware's set-up, or use another slot. relaxed_acs_check=1 in /etc/libvirt/qemu.conf accepts the risk.",
        },
        new()
        {
            Id = FindingIds.DeviceNotSupportedByEmulator,
            Severity = FindingSeverity.Error,
            Title = "the emulator cannot present the device to a guest",
            Meaning = 
                "QEMU reads the device's configuration space and finds unknown or inconsistent values: MSIX PBA outside of "
                + "specified BAR, failed to add PCI capability, an unknown PCI Express type.",
            Detection = "The text of QEMU's error. A device that does not respond causes the same texts, so that is checked first.",
            Remedy = "Use a newer QEMU and kernel, remove the property that needs what the device lacks, or choose another device.",
        },
        new()
        {
            Id = FindingIds.DevicePhysicalFunctionDown,
            Severity = FindingSeverity.Error,
            Title = "the physical function of the virtual function is down",
            Meaning = 
                "The address and the VLAN of a virtual function are set through the network interface of its physical function. "
                + "libvirt says: Unable to configure VF ... because the PF is not online, or: has no network device name.",
            Detection = "The text of libvirt's error.",
            Remedy = "Bind the physical function to its network driver and set its interface up before the guest starts.",
        },
        new()
        {
            Id = FindingIds.DeviceRomUnusable,
            Severity = FindingSeverity.Warning,
            Title = "the device's expansion ROM cannot be used",
            Meaning = 
                "QEMU says: Cannot read device rom; the kernel: Invalid PCI ROM header signature. A display may then show nothing "
                + "until the guest's driver starts it. For Intel graphics the kernel's message is harmless.",
            Detection = "The text of the error.",
            Remedy = "Give the domain a verified dump of the ROM (<rom file='...'/>), or switch the ROM off (<rom bar='off'/>).",
        },
        new()
        {
            Id = FindingIds.GroupBusy,
            Severity = FindingSeverity.Error,
            Title = "another process has the IOMMU group open",
            Meaning = "VFIO gives a group to only one process. QEMU says: failed to open /dev/vfio/N: Device or resource busy.",
            Detection = "The text of the error; the processes that have /dev/vfio/N open, if they can be read (/proc/PID/fd).",
            Remedy = 
                "End the other user of the group: another guest with a device of it, or a process that is still running (fuser -v "
                + "/dev/vfio/N).",
        },
        new()
        {
            Id = FindingIds.GroupSeveralAddressSpaces,
            Severity = FindingSeverity.Error,
            Title = "devices of one IOMMU group are in several address spaces of the guest",
            Meaning = 
                "With a virtual IOMMU, every bridge of the guest has its own address space, but the host's IOMMU has one for each "
                + "group. QEMU says: group N used in multiple address spaces.",
            Detection = "The text of QEMU's error.",
            Remedy = "Put all devices of the group behind one bridge of the guest, or remove the virtual IOMMU from the domain.",
        },
        new()
        {
            Id = FindingIds.MediatedDeviceNotCreated,
            Severity = FindingSeverity.Error,
            Title = "the mediated device could not be created or opened",
            Meaning = 
                "The driver of the physical device refuses it because of its licence, the type, or the number of existing "
                + "devices. libvirt says: Unable to start mediated device; QEMU: error getting device from group N: Input/output "
                + "error.",
            Detection = "The text of the error.",
            Remedy = 
                "Read the kernel's log and that of the vendor's manager; check the types of the parent device and how many "
                + "instances of each are available (virsh nodedev-dumpxml).",
        },
        new()
        {
            Id = FindingIds.MediatedDeviceNotFound,
            Severity = FindingSeverity.Error,
            Title = "the host has no such mediated device",
            Meaning = "A mediated device does not survive a reboot of the host unless it is defined. libvirt says: mediated device not found.",
            Detection = "The text of libvirt's error.",
            Remedy = "Define it and start it (virsh nodedev-define, nodedev-start, nodedev-autostart; or mdevctl).",
        },
        new()
        {
            Id = FindingIds.SriovNotCreated,
            Severity = FindingSeverity.Error,
            Title = "the virtual functions were not created",
            Meaning = 
                "The kernel refuses a number that is written to sriov_numvfs: there is no room for their registers or bus "
                + "numbers, the number is too high, or some exist already.",
            Detection = "The text of the error and its number: ENOMEM, EBUSY, ENOSPC, ERANGE.",
            Remedy = 
                "Enable SR-IOV and memory-mapped I/O above 4 GiB in the firmware's set-up, else boot with pci=realloc. Write 0 "
                + "before another number.",
        },
        new()
        {
            Id = FindingIds.MediatedDeviceNoInstance,
            Severity = FindingSeverity.Error,
            Title = "the physical device has no free instance of the mediated type",
            Meaning =
                "Every mediated type has a limit, which depends on the free resources of the device: aperture, frame buffer, "
                + "licences. When available_instances is 0, a write to the type's create file fails with ENOSPC: write error: No "
                + "space left on device. Some drivers count other types too: one large instance can use up all small ones.",
            Detection =
                "/sys/bus/pci/devices/ADDRESS/mdev_supported_types/TYPE/available_instances, and the text of the error with the path of "
                + "the create file.",
            Remedy =
                "Remove a mediated device that is not needed (echo 1 > /sys/bus/mdev/devices/UUID/remove), choose a smaller type, "
                + "or increase the resources of the device: for Intel GVT-g, a larger aperture in the firmware's set-up.",
        },
        new()
        {
            Id = FindingIds.MediatedDeviceRefusedByManager,
            Severity = FindingSeverity.Error,
            Title = "the vendor's manager did not start the mediated device",
            Meaning =
                "NVIDIA's kernel module asks nvidia-vgpu-mgr to start a virtual GPU when QEMU opens it. If the manager refuses or does "
                + "not answer, QEMU cannot read the configuration space of the mediated device: failed to read device config space: Bad "
                + "address. The physical device works.",
            Detection =
                "The text of the error, which names a mediated device (a UUID) and not a PCI address; the kernel's log: "
                + "[nvidia-vgpu-vfio] UUID: start failed.",
            Remedy =
                "Read the manager's log: journalctl -u nvidia-vgpu-mgr. Check that the service runs, that host driver and manager have "
                + "the same version, and that the licence and the type suit the device.",
        },
        new()
        {
            Id = FindingIds.SriovDriverWithoutSupport,
            Severity = FindingSeverity.Error,
            Title = "the driver of the physical function does not support SR-IOV",
            Meaning =
                "Virtual functions are created by the driver of the physical function. The kernel's log says: driver does not support "
                + "SR-IOV configuration via sysfs, and the write to sriov_numvfs fails with ENOENT: No such file or directory, although the "
                + "file exists. Typical causes are vfio-pci without enable_sriov, a driver of the distribution where an out-of-tree one is "
                + "needed, and an out-of-tree module that was built for another kernel.",
            Detection =
                "The kernel's log, or the errno of a write to sriov_numvfs together with the link /sys/bus/pci/devices/ADDRESS/driver.",
            Remedy =
                "Load the driver that creates virtual functions, built for the running kernel (dkms status, uname -r), and bind the "
                + "device to it. For vfio-pci, set its parameter enable_sriov=1.",
        },
        new()
        {
            Id = FindingIds.SriovNoDriver,
            Severity = FindingSeverity.Error,
            Title = "the physical function has no driver that could create virtual functions",
            Meaning =
                "Virtual functions are created by the driver of the physical function. The kernel's log says: No driver bound to device; "
                + "cannot configure SR-IOV, and the write to sriov_numvfs fails with ENOENT: No such file or directory, although the file "
                + "exists.",
            Detection =
                "The kernel's log, or the errno of a write to sriov_numvfs together with the absence of "
                + "/sys/bus/pci/devices/ADDRESS/driver.",
            Remedy =
                "Bind the driver that creates virtual functions: modprobe DRIVER. If it does not load, look for blacklist lines in "
                + "/etc/modprobe.d and for module_blacklist= among the kernel's parameters.",
        },
        new()
        {
            Id = FindingIds.VfioDeviceDenylisted,
            Severity = FindingSeverity.Error,
            Title = "vfio-pci refuses this model of device",
            Meaning = 
                "The kernel has a list of devices that could break out of a guest or stop the host. Its log says: exists in vfio-pci device "
                + "denylist, driver probing disallowed.",
            Detection = "The kernel's log.",
            Remedy = "Use a virtual function of it, or another device; options vfio-pci disable_denylist=1 accepts the risk.",
        },
    ];
}
