using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Readiness;
using static Passthrough.Sdk.Explain.ErrorPattern;

namespace Passthrough.Sdk.Explain.Patterns;

/// <summary>Messages that only say that something failed, and messages about the end of an emulator: the cause is inside them, or in a log.</summary>
/// <remarks>Source: libvirt's qemu_monitor.c, qemu_process.c, qemu_monitor_json.c and virsh, 7 to 12; QEMU's qdev and hw/vfio.</remarks>
internal static class ContainerPatterns
{
    public static ValueList<ErrorPattern> All { get; } =
    [
        Opens("unexpectedly closed the monitor{vm}: {rest}", Died),
        Opens("unexpectedly closed the monitor", Died),
        Opens("process exited while connecting to monitor: {rest}", Died),
        Opens("process exited while connecting to monitor", Died),
        Opens("Unable to read from monitor", Died),
        Opens("Unable to write to monitor", Died),
        Opens("End of file from qemu monitor", Died),
        Opens("QEMU monitor was closed", Died),
        Opens("monitor socket did not show up", Died),
        Opens("failed to connect to monitor socket", Died),
        Opens("Process exited prior to exec: {rest}", Died),
        Opens("guest unexpectedly quit", Died),
        Opens("domain crashed", Died),
        Opens("Error while processing monitor IO", Died),
        Opens("Invalid file descriptor while waiting for monitor", Died),
        Opens("Unable to wait on monitor condition", Died),
        Opens("cannot get locked memory limit of process", Gone),
        Opens("Failed to read /proc/{pid}/mounts", Gone),
        Opens("qemu exited with code", Died),
        Opens("QEMU exited with code", Died),

        Opens("unable to execute QEMU command '{command}': {rest}", new ProposedCause(
            FindingIds.DeviceNotSupportedByEmulator, Title: "the emulator refused the command {command}", Remedy: "read the emulator's own message in the evidence, and the domain's log")),
        Opens("failed to setup container for group {group}:{detail}",
            [.. CauseSets.IommuRefuses, .. Perhaps(FindingIds.MemoryLockLimit, FindingIds.VfioDmaMappingFailed, FindingIds.GroupBusy)]),
        Opens("memory listener initialization failed", [.. Perhaps(FindingIds.MemoryLockLimit, FindingIds.VfioDmaMappingFailed)]),
        Opens("Device 'vfio-pci' could not be initialized", Refused),
        Opens("Device initialization failed", Refused),
        Opens("vfio error: {device}: {detail}", Refused),
        Opens("vfio {device}: {detail}", Refused),

        Opens("Failed to reset PCI device: {rest}", [.. Perhaps(FindingIds.DeviceUnresponsive, FindingIds.DeviceNoReset)]),
        Opens("Failed to re-attach PCI device: {rest}", new ProposedCause(FindingIds.DeviceDriverBindFailed)),
        Opens("Failed to start domain '{domain}'"),
        Opens("Failed to start domain"),
        Opens("Failed to create domain from"),
        Opens("Failed to attach device"),
        Opens("Failed to detach device"),
        Opens("Failed to reset device"),
        Opens("Failed to re-attach device"),

        // How an emulator ends, in its log and on a terminal.
        // An interrupt pin of 0xff is that of a device that reads as all ones.
        new("{program}Assertion `{what}PCI_NUM_PINS' failed", [.. NoPin]),
        new("{program}Assertion `{what}irq_num{rule}' failed", [.. NoPin]),
        new("qemu{program}Assertion `{what}' failed", Asserted),
        new("kvm{program}Assertion `{what}' failed", Asserted),
        new("hw/{program}Assertion `{what}' failed", Asserted),
        new("Assertion `{what}' failed", Asserted with { IsCertain = false }),
        new("qemu{program}Segmentation fault", Ended("the emulator crashed")),
        new("kvm{program}Segmentation fault", Ended("the emulator crashed")),
        new("^Segmentation fault", Ended("the emulator crashed") with { IsCertain = false }),
        new("qemu{program}Bus error", Lost),
        new("kvm{program}Bus error", Lost),
        new("^Bus error", Lost with { IsCertain = false }),
        new("terminating on signal {signal} from pid {pid}", Ended("the emulator was ended by signal {signal} of process {pid}", "find out what that process is and why it sent the signal (journalctl)")) { Role = ErrorRole.Hint },
        new("shutting down, reason=crashed", Ended("the emulator crashed, or was killed")) { Role = ErrorRole.Hint },
        new("killed by signal", Ended("the emulator was killed by a signal", "find out what sent it: the out-of-memory killer (the kernel's log) or a service manager (journalctl)")) { Role = ErrorRole.Hint },
        new("unexpected fatal signal", Ended("the emulator was killed by a signal", "find out what sent it: the out-of-memory killer (the kernel's log) or a service manager (journalctl)")) { Role = ErrorRole.Hint },
    ];

    private static ProposedCause Asserted => Ended("the emulator reached an unexpected state and stopped: {what}");

    private static ProposedCause Lost => Ended("the emulator crashed: memory that it used was not available, for example because the huge pages ran out");

    private static ValueList<ProposedCause> NoPin => [.. Perhaps(FindingIds.DeviceUnresponsive), Ended("the emulator found a device without a valid interrupt pin and stopped")];

    private static ProposedCause Died => Certain(FindingIds.DomainEmulatorDied);

    private static ProposedCause Gone => Certain(FindingIds.DomainEmulatorDied, "the emulator ended while libvirt changed it: its process no longer exists");

    private static ProposedCause[] Refused =>
        [.. CauseSets.IommuRefuses, .. Perhaps(FindingIds.GroupNotViable, FindingIds.GroupBusy, FindingIds.MemoryLockLimit, FindingIds.DeviceNotSupportedByEmulator)];

    private static ErrorPattern Opens(string template, params ReadOnlySpan<ProposedCause> causes) => new(template, causes) { Role = ErrorRole.Container };

    private static ProposedCause Ended(string title, string? remedy = null) => Certain(FindingIds.DomainEmulatorDied, title, remedy);
}
