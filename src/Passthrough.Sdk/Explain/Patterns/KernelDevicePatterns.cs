using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Readiness;
using static Passthrough.Sdk.Explain.ErrorPattern;

namespace Passthrough.Sdk.Explain.Patterns;

/// <summary>Messages of the kernel about single devices, virtual functions and the emulator's process.</summary>
/// <remarks>Source: the kernel's drivers/pci, drivers/vfio/pci, mm/oom_kill.c, security; NVIDIA's module.</remarks>
internal static class KernelDevicePatterns
{
    public static ValueList<ErrorPattern> All { get; } =
    [
        new("not ready {time} after {method}; giving up", [.. CauseSets.Unresponsive]),
        new("not ready {time} after {method}; waiting", [.. CauseSets.Unresponsive]) { Role = ErrorRole.Hint },
        new("Unable to change power state from {old} to {new}", [.. CauseSets.Unresponsive]),
        new("can't change power state from {old} to {new}", [.. CauseSets.Unresponsive]),
        new("Refused to change power state", [.. CauseSets.Unresponsive]),
        new("device inaccessible", [.. CauseSets.Unresponsive]),
        new("timed out waiting for pending transaction; performing function level reset anyway", [.. CauseSets.Unresponsive]) { Role = ErrorRole.Hint },
        new("reset recovery - restoring BARs", [.. CauseSets.Unresponsive]) { Role = ErrorRole.Hint },
        new("Data Link Layer Link Active not set in", new ProposedCause(FindingIds.DeviceUnresponsive)),

        new("BAR {number}: can't reserve", [.. RangeTaken]),
        new("BAR {number} [mem {range}]: can't reserve", [.. RangeTaken]),
        new("can't reserve [mem", [.. RangeTaken]),
        new("can't reserve [io", [.. RangeTaken]),

        new("Invalid PCI ROM header signature", new ProposedCause(
            FindingIds.DeviceRomUnusable,
            Title: "the expansion ROM of {device} cannot be read; for Intel graphics this is expected and harmless",
            Remedy: "give the domain a verified dump of the ROM (<rom file='...'/>), or switch the ROM off (<rom bar='off'/>)")) { Role = ErrorRole.Hint },
        new("Invalid PCI ROM data signature", new ProposedCause(FindingIds.DeviceRomUnusable)) { Role = ErrorRole.Hint },

        new("Attempting to remove device {device} with non-zero usage count", Certain(
            FindingIds.DeviceHasOpenHandles,
            "processes of the host have {device} open, and its driver waits for them forever",
            "end them first (fuser -v /dev/nvidia* /dev/dri/*): the display server, nvidia-persistenced, CUDA programs; then unload nvidia_drm or start without modeset")),
        new("blocked for more than {number} seconds", [.. CauseSets.InUseByHost, Certain(
            FindingIds.DeviceDriverBindFailed, "a driver of the host that is being unbound waits for the users of its device", "find and end what has the device open (fuser -v on its nodes under /dev); no signal ends the wait itself") with { IsCertain = false }]),
        new("Relaying device request to user", InGuest),
        new("No device request channel registered, blocked until released by user", InGuest),

        // drivers/pci/iov.c, sriov_numvfs_store()
        new("No driver bound to device; cannot configure SR-IOV", NoSriovDriver),
        new("{bound} {device}: driver does not support SR-IOV configuration via sysfs", NoSriovSupport),
        new("driver does not support SR-IOV configuration via sysfs", NoSriovSupport),
        new("driver does not support SRIOV configuration via sysfs", NoSriovSupport),

        // kernel/params.c: the part of an option's value after a space becomes a separate parameter.
        new("vfio_pci: unknown parameter {parameter} ignored", OptionsMalformed),
        new("^unknown parameter {parameter} ignored", OptionsMalformed with { IsCertain = false }),

        // Messages of the drivers of virtual functions while the physical function is down or being reset.
        new("PF still in reset state. Is the PF interface up?", PhysicalDown),
        new("PF still resetting", PhysicalDown),
        new("in reset. Try again", InReset),
        new("Is the PF interface up?", PhysicalDown),
        new("Failed to communicate with PF; waiting before retry", PhysicalDown),
        new("Unable to send opcode {number} to PF", PhysicalDown) { Role = ErrorRole.Hint },
        new("VF could not be reset, PF is not up", PhysicalDown),
        new("The hardware channel for {device} timed out. PF might be down", PhysicalDown),

        // A vendor's manager of mediated devices.
        new("[nvidia-vgpu-vfio] {mdev}: start failed", Manager),
        new("[nvidia-vgpu-vfio] {mdev}: vGPU start failed", Manager),
        new("[nvidia-vgpu-vfio] {mdev}: Failed to", Manager),
        new("nvidia-vgpu-mgr{detail}init_device_instance failed", Manager),
        new("init_device_instance failed", Manager),
        new("Failed to init instance of vGPU", Manager),

        new("not enough MMIO resources for SR-IOV", Sriov(
            "the firmware left no room for the registers of the virtual functions", "enable SR-IOV and memory-mapped I/O above 4 GiB in the firmware's set-up; otherwise boot with pci=realloc")),
        new("SR-IOV: bus number out of range", SriovBuses),
        new("VFs (bus {bus} out of range of", SriovBuses),
        new("failed to allocate resources for VF", Sriov("the kernel found no room for the virtual functions", "enable SR-IOV in the firmware's set-up; otherwise boot with pci=realloc")),
        new("VFs already enabled", Sriov("virtual functions exist already, and their number can be changed only after it is set to 0", "write 0 to sriov_numvfs first, when no guest owns one of them")),
        new("VFs are assigned", Sriov("guests own virtual functions, so their number cannot change", "release them first")),

        new("Memory cgroup out of memory: Killed process {pid} (qemu", KilledByItsLimit),
        new("oom-kill:constraint=CONSTRAINT_MEMCG,{detail},task=qemu", KilledByItsLimit),
        new("Out of memory: Killed process {pid} (qemu", KilledForMemory),
        new("out of memory: Killed process {pid} (qemu", KilledForMemory),
        new("Killed process {pid} (qemu", KilledForMemory),
        new("task=qemu", KilledForMemory),
        new("qemu{process}segfault at", Crashed),
        new("CPU {number}/KVM[{pid}]: segfault at", Crashed),
        new("traps: qemu", Crashed),

        // The subject of the denied access comes later; if it is neither an emulator nor libvirt, it is only a candidate.
        new("apparmor=\"DENIED\"{detail}libvirt", Denied("AppArmor")),
        new("apparmor=\"DENIED\"{detail}qemu", Denied("AppArmor")),
        new("apparmor=\"DENIED\"{detail}/dev/vfio", Denied("AppArmor")),
        new("apparmor=\"DENIED\"", Denied("AppArmor") with { IsCertain = false }),
        new("avc: denied{detail}svirt", Denied("SELinux")),
        new("avc: denied{detail}virt", Denied("SELinux")),
        new("avc: denied{detail}qemu", Denied("SELinux")),
        new("avc: denied{detail}vfio", Denied("SELinux")),
        new("avc: denied", Denied("SELinux") with { IsCertain = false }),
        new("SELinux is preventing{detail}qemu", Denied("SELinux")),
        new("SELinux is preventing{detail}virt", Denied("SELinux")),
        new("SELinux is preventing", Denied("SELinux") with { IsCertain = false }),
    ];

    // Another driver can have the range too, so the facts decide.
    private static ValueList<ProposedCause> RangeTaken =>
    [
        Framebuffer with { IsCertain = false },
        new(FindingIds.DeviceDriverBindFailed, Title: "another driver has the memory of {device}", Remedy: "find that driver in /proc/iomem; take its device from it, if the host does not need it, and bind {device} again"),
    ];

    private static ProposedCause OptionsMalformed => Certain(
        FindingIds.VfioOptionsMalformed,
        "the options of vfio-pci contain a space or a mistake: the kernel ignores {parameter}",
        "correct the line in /etc/modprobe.d: ids=1234:5678,1234:9abc without a space; then rebuild the initramfs and reboot");

    private static ProposedCause NoSriovDriver => Certain(
        FindingIds.SriovNoDriver,
        "{device} has no driver, and only a driver can create its virtual functions",
        "bind the driver that creates them (modprobe DRIVER); if it does not load, look for blacklist lines in /etc/modprobe.d and for module_blacklist= among the kernel's parameters");

    private static ProposedCause NoSriovSupport => Certain(
        FindingIds.SriovDriverWithoutSupport,
        "the driver {bound} of {device} does not support SR-IOV",
        "load the driver that creates virtual functions, built for the running kernel (dkms status, uname -r), and bind {device} to it");

    private static ProposedCause PhysicalDown => Certain(
        FindingIds.DevicePhysicalFunctionDown,
        "the physical function {physical} is down or being reset, so its virtual function {device} does not work",
        "set the interface of {physical} up (ip link set IF up), and search the kernel's log for the cause of the reset");

    private static ProposedCause InReset => Certain(FindingIds.SriovFunctionInReset);

    private static ProposedCause Manager => Certain(
        FindingIds.MediatedDeviceRefusedByManager,
        "the vendor's manager did not start the mediated device {mdev}; the physical device works",
        "read the manager's log: journalctl -u nvidia-vgpu-mgr; check that it runs, that it has the same version as the driver, and that the licence and the type suit the device");

    private static ProposedCause Framebuffer => Certain(
        FindingIds.DeviceIsConsoleFramebuffer,
        "the memory of {device} is in use; on a boot display, by the console that took over the firmware's screen",
        "boot with another display as the primary one; or release the console first (echo 0 > /sys/class/vtconsole/vtcon1/bind, unbind efi-framebuffer or simple-framebuffer), "
        + "or boot with video=efifb:off, on kernels with simpledrm with initcall_blacklist=sysfb_init; /proc/iomem shows what uses the range");

    private static ProposedCause InGuest => Certain(
        FindingIds.DeviceInUseByDomain,
        "the host requests {device} back while a guest still owns it",
        "detach it from the guest (virsh detach-device), or shut the guest down; the kernel waits until then");

    private static ProposedCause SriovBuses => Sriov(
        "the virtual functions would have bus numbers that the bridge above does not forward", "boot with pci=assign-busses, or use another slot");

    private static ProposedCause KilledByItsLimit => Certain(
        FindingIds.MemoryLockLimit,
        "the kernel killed the emulator because its control group had reached its memory limit",
        "raise or remove <memtune><hard_limit> of the domain: the guest's memory plus 1 GiB; if it has none, the limit is that of a group above it, such as the container's or the slice's (memory.max)");

    private static ProposedCause KilledForMemory => Certain(
        FindingIds.DomainEmulatorDied,
        "the kernel killed the emulator because memory ran out",
        "give the guest less memory, or the host more: with a device of the host all of the guest's memory is locked");

    private static ProposedCause Crashed => Certain(
        FindingIds.DomainEmulatorDied, "the emulator crashed", "check the kernel's log and coredumpctl, and use a newer QEMU; report the crash with the domain's log");

    private static ProposedCause Sriov(string title, string remedy) => Certain(FindingIds.SriovNotCreated, title, remedy);

    private static ProposedCause Denied(string who) => Certain(
        FindingIds.SecurityDenied,
        $"{who} denied the access",
        "read the complete line in the audit log (ausearch -m avc, journalctl -k) and allow exactly that, for libvirt's AppArmor profiles in /etc/apparmor.d/local; give files the correct label (restorecon)");
}
