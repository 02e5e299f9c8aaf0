using System.Collections.Immutable;
using Passthrough.Sdk.Readiness;
using static Passthrough.Sdk.Explain.ErrorPattern;

namespace Passthrough.Sdk.Explain.Patterns;

/// <summary>What the kernel says of single devices, of virtual functions and of the emulator's process.</summary>
/// <remarks>Source: the kernel's drivers/pci, drivers/vfio/pci, mm/oom_kill.c, security; NVIDIA's module.</remarks>
internal static class KernelDevicePatterns
{
    public static ImmutableArray<ErrorPattern> All { get; } =
    [
        new("not ready {time} after {method}; giving up", [.. CauseSets.Unresponsive]),
        new("not ready {time} after {method}; waiting", [.. CauseSets.Unresponsive]) { Role = ErrorRole.Hint },
        new("Unable to change power state from {old} to {new}", [.. CauseSets.Unresponsive]),
        new("can't change power state from {old} to {new}", [.. CauseSets.Unresponsive]),
        new("Refused to change power state", [.. CauseSets.Unresponsive]),
        new("device inaccessible", [.. CauseSets.Unresponsive]),
        new("timed out waiting for pending transaction; performing function level reset anyway", [.. CauseSets.Unresponsive]) { Role = ErrorRole.Hint },
        new("reset recovery - restoring BARs", [.. CauseSets.Unresponsive]) { Role = ErrorRole.Hint },
        new("Data Link Layer Link Active not set in", [.. CauseSets.Unresponsive]),

        new("BAR {number}: can't reserve", Framebuffer),
        new("BAR {number} [mem {range}]: can't reserve", Framebuffer),
        new("can't reserve [mem", Framebuffer),

        new("Invalid PCI ROM header signature", new ProposedCause(
            FindingIds.DeviceRomUnusable,
            Title: "the expansion ROM of {device} cannot be read; for Intel graphics this is expected and harmless",
            Remedy: "give the domain a dump that was checked (<rom file='...'/>), or do without (<rom bar='off'/>)")) { Role = ErrorRole.Hint },
        new("Invalid PCI ROM data signature", new ProposedCause(FindingIds.DeviceRomUnusable)) { Role = ErrorRole.Hint },

        new("Attempting to remove device {device} with non-zero usage count", Certain(
            FindingIds.DeviceHasOpenHandles,
            "processes of the host have {device} open, and its driver waits for them for ever",
            "end them first (fuser -v /dev/nvidia* /dev/dri/*): the display server, nvidia-persistenced, CUDA programs; then unload nvidia_drm or start without modeset")),
        new("blocked for more than {number} seconds", [.. CauseSets.InUseByHost, Certain(
            FindingIds.DeviceDriverBindFailed, "a driver of the host waits for the users of its device, and whoever asked it to let go waits with it", "find and end what has the device open (fuser -v on its nodes under /dev); no signal ends the wait itself")]),
        new("Relaying device request to user", InGuest),
        new("No device request channel registered, blocked until released by user", InGuest),

        new("not enough MMIO resources for SR-IOV", Sriov(
            "the firmware left no room for the registers of the virtual functions", "enable SR-IOV and memory-mapped I/O above 4 GiB in the firmware's set-up; else boot with pci=realloc")),
        new("SR-IOV: bus number out of range", SriovBuses),
        new("VFs (bus {bus} out of range of", SriovBuses),
        new("failed to allocate resources for VF", Sriov("the kernel found no room for the virtual functions", "enable SR-IOV in the firmware's set-up; else boot with pci=realloc")),
        new("VFs already enabled", Sriov("virtual functions are there already, and their number changes only by way of 0", "write 0 to sriov_numvfs first, when no guest owns one of them")),
        new("VFs are assigned", Sriov("guests own virtual functions, so that their number cannot change", "release them first")),

        new("Memory cgroup out of memory: Killed process {pid} (qemu", KilledByItsLimit),
        new("oom-kill:constraint=CONSTRAINT_MEMCG,{detail},task=qemu", KilledByItsLimit),
        new("Out of memory: Killed process {pid} (qemu", KilledForMemory),
        new("out of memory: Killed process {pid} (qemu", KilledForMemory),
        new("Killed process {pid} (qemu", KilledForMemory),
        new("task=qemu", KilledForMemory),
        new("qemu{process}segfault at", Crashed),
        new("traps: qemu", Crashed),

        new("apparmor=\"DENIED\"", Denied("AppArmor")),
        new("avc:  denied", Denied("SELinux")),
        new("avc: denied", Denied("SELinux")),
        new("SELinux is preventing", Denied("SELinux")),
    ];

    private static ProposedCause Framebuffer => Certain(
        FindingIds.DeviceIsConsoleFramebuffer,
        "the memory of {device} is taken, on a boot display by the console that the firmware's screen was handed to",
        "boot with another display as the primary one; else let the console go first (echo 0 > /sys/class/vtconsole/vtcon1/bind, unbind efi-framebuffer or simple-framebuffer), "
        + "or boot with video=efifb:off, on kernels with simpledrm with initcall_blacklist=sysfb_init; /proc/iomem says who has the range");

    private static ProposedCause InGuest => Certain(
        FindingIds.DeviceInUseByDomain,
        "{device} is asked back by the host while a guest still owns it",
        "detach it from the guest first (passthrough release), or shut the guest down; the kernel waits until then");

    private static ProposedCause SriovBuses => Sriov(
        "the virtual functions would have bus numbers that the bridge above does not forward", "boot with pci=assign-busses, or use another slot");

    private static ProposedCause KilledByItsLimit => Certain(
        FindingIds.MemoryLockLimit,
        "the kernel ended the emulator since its control group had reached its limit of memory",
        "raise or drop <memtune><hard_limit> of the domain: the guest's memory and 1 GiB; where it has none, the limit is of a group above it, such as the container's or the slice's (memory.max)");

    private static ProposedCause KilledForMemory => Certain(
        FindingIds.DomainEmulatorDied,
        "the kernel ended the emulator since memory ran out",
        "give the guest less memory, or the host more: with a device of the host all of the guest's memory is locked");

    private static ProposedCause Crashed => Certain(
        FindingIds.DomainEmulatorDied, "the emulator crashed", "look at the kernel's log and coredumpctl, and use a newer QEMU; report it with the domain's log");

    private static ProposedCause Sriov(string title, string remedy) => Certain(FindingIds.SriovNotCreated, title, remedy);

    private static ProposedCause Denied(string who) => Certain(
        FindingIds.SecurityDenied,
        $"{who} denied it",
        "read the whole line in the audit log (ausearch -m avc, journalctl -k): allow just that, for libvirt's AppArmor profiles in /etc/apparmor.d/local; give files the right label (restorecon)");
}
