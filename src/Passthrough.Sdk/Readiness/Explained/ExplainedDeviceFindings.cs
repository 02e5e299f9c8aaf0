using System.Collections.Immutable;

namespace Passthrough.Sdk.Readiness.Explained;

/// <summary>What findings mean that only an error tells of: about devices, their groups and virtual functions.</summary>
internal static class ExplainedDeviceFindings
{
    public static ImmutableArray<FindingDescription> All { get; } =
    [
        new()
        {
            Id = FindingIds.DeviceBehindSwitchWithoutAcs,
            Severity = FindingSeverity.Error,
            Title = "the device stands behind a switch that lets its ports reach one another past the IOMMU",
            Meaning = 
                "libvirt says: Device is behind a switch lacking ACS and cannot be assigned, or: PCI device is not assignable. A guest "
                + "could reach the neighbours' registers without the IOMMU seeing it.",
            Detection = "The text of libvirt's error; IsolationAnalysis names the bridge that lacks access control.",
            Remedy = "Enable ACS in the firmware's set-up, or use another slot. relaxed_acs_check=1 in /etc/libvirt/qemu.conf takes the risk.",
        },
        new()
        {
            Id = FindingIds.DeviceNotSupportedByEmulator,
            Severity = FindingSeverity.Error,
            Title = "the emulator cannot present the device to a guest",
            Meaning = 
                "QEMU reads the device's configuration space and finds what it does not know or what contradicts itself: MSIX PBA outside "
                + "of specified BAR, failed to add PCI capability, an unknown PCI Express type.",
            Detection = "The text of QEMU's error. A device that does not answer gives the same texts, so that is looked at first.",
            Remedy = "Use a newer QEMU and kernel, drop the property that asks for what the device lacks, or choose another device.",
        },
        new()
        {
            Id = FindingIds.DevicePhysicalFunctionDown,
            Severity = FindingSeverity.Error,
            Title = "the physical function of the virtual one is not at work",
            Meaning = 
                "The address and the VLAN of a virtual function are set through the network interface of its physical one. libvirt says: "
                + "Unable to configure VF ... because the PF is not online, or: has no network device name.",
            Detection = "The text of libvirt's error.",
            Remedy = "Bind the physical function to its network driver and set its interface up before the guest starts.",
        },
        new()
        {
            Id = FindingIds.DeviceRomUnusable,
            Severity = FindingSeverity.Warning,
            Title = "the device's expansion ROM cannot be used",
            Meaning = 
                "QEMU says: Cannot read device rom; the kernel: Invalid PCI ROM header signature. A display then may show nothing until the "
                + "guest's driver starts it. On Intel graphics the kernel's line is harmless.",
            Detection = "The text of the error.",
            Remedy = "Give the domain a dump that was checked (<rom file='...'/>), or do without (<rom bar='off'/>).",
        },
        new()
        {
            Id = FindingIds.GroupBusy,
            Severity = FindingSeverity.Error,
            Title = "another process has the IOMMU group open",
            Meaning = "VFIO gives a group to one process only. QEMU says: failed to open /dev/vfio/N: Device or resource busy.",
            Detection = "The text of the error; the processes that have /dev/vfio/N open, where they may be looked at (/proc/PID/fd).",
            Remedy = 
                "End the other user of the group: another guest with a device of it, or a program that was left behind (fuser -v "
                + "/dev/vfio/N).",
        },
        new()
        {
            Id = FindingIds.GroupSeveralAddressSpaces,
            Severity = FindingSeverity.Error,
            Title = "devices of one IOMMU group stand in several address spaces of the guest",
            Meaning = 
                "With a virtual IOMMU every bridge of the guest has an address space of its own, but the host's IOMMU has one a group. QEMU "
                + "says: group N used in multiple address spaces.",
            Detection = "The text of QEMU's error.",
            Remedy = "Put all devices of the group behind one bridge of the guest, or take the virtual IOMMU out of the domain.",
        },
        new()
        {
            Id = FindingIds.MediatedDeviceNotCreated,
            Severity = FindingSeverity.Error,
            Title = "the mediated device could not be made or opened",
            Meaning = 
                "The driver of the physical device refuses: its licence, the type, or how many there are already. libvirt says: Unable to "
                + "start mediated device; QEMU: error getting device from group N: Input/output error.",
            Detection = "The text of the error.",
            Remedy = 
                "Read the kernel's log and the vendor's own manager; look at the types of the parent and how many of each are left (virsh "
                + "nodedev-dumpxml).",
        },
        new()
        {
            Id = FindingIds.MediatedDeviceNotFound,
            Severity = FindingSeverity.Error,
            Title = "the host has no such mediated device",
            Meaning = "A mediated device is gone after every boot of the host unless it was defined. libvirt says: mediated device not found.",
            Detection = "The text of libvirt's error.",
            Remedy = "Define it and start it (virsh nodedev-define, nodedev-start, nodedev-autostart; or mdevctl).",
        },
        new()
        {
            Id = FindingIds.SriovNotCreated,
            Severity = FindingSeverity.Error,
            Title = "the virtual functions were not made",
            Meaning = 
                "The kernel refuses a number written to sriov_numvfs: no room for their registers or bus numbers, too many, or some are "
                + "there already.",
            Detection = "The text of the error and its number: ENOMEM, EBUSY, ENOSPC, ERANGE.",
            Remedy = 
                "Enable SR-IOV and memory-mapped I/O above 4 GiB in the firmware's set-up, else boot with pci=realloc; write 0 before "
                + "another number.",
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
            Remedy = "Use a virtual function of it, or another device; options vfio-pci disable_denylist=1 takes the risk.",
        },
    ];
}
