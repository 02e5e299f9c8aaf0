using System.Collections.Immutable;
using Passthrough.Sdk.Readiness;
using static Passthrough.Sdk.Explain.ErrorPattern;

namespace Passthrough.Sdk.Explain.Patterns;

/// <summary>Messages that only say that something failed, and how an emulator ends: why stands within, or in a log.</summary>
/// <remarks>Source: libvirt's qemu_monitor.c, qemu_process.c, qemu_monitor_json.c and virsh, 7 to 12; QEMU's qdev and hw/vfio.</remarks>
internal static class ContainerPatterns
{
    public static ImmutableArray<ErrorPattern> All { get; } =
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
            FindingIds.DeviceNotSupportedByEmulator, Title: "the emulator refused the command {command}", Remedy: "read the emulator's own words in the evidence, and the domain's log")),
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
        new("Assertion `{what}' failed", Ended("the emulator found itself in a state that it does not expect, and gave up: {what}")),
        new("Assertion '{what}' failed", Ended("the emulator found itself in a state that it does not expect, and gave up: {what}")),
        new("Segmentation fault", Ended("the emulator crashed")),
        new("Bus error", Ended("the emulator crashed: memory that it had was not there, such as huge pages that ran out")),
        new("terminating on signal {signal} from pid {pid}", Ended("the emulator was ended from outside, by signal {signal} of process {pid}", "find out what that process is and why it did so (journalctl)")) { Role = ErrorRole.Hint },
        new("shutting down, reason=crashed", Ended("the emulator crashed, or was killed")) { Role = ErrorRole.Hint },
        new("killed by signal", Ended("the emulator was killed by a signal", "look for who sent it: the kernel's log for the out-of-memory killer, journalctl for a service manager")) { Role = ErrorRole.Hint },
        new("unexpected fatal signal", Ended("the emulator was killed by a signal", "look for who sent it: the kernel's log for the out-of-memory killer, journalctl for a service manager")) { Role = ErrorRole.Hint },
    ];

    private static ProposedCause Died => Certain(FindingIds.DomainEmulatorDied);

    private static ProposedCause Gone => Certain(FindingIds.DomainEmulatorDied, "the emulator ended while libvirt changed something in it: its process is not there any more");

    private static ProposedCause[] Refused =>
        [.. CauseSets.IommuRefuses, .. Perhaps(FindingIds.GroupNotViable, FindingIds.GroupBusy, FindingIds.MemoryLockLimit, FindingIds.DeviceNotSupportedByEmulator)];

    private static ErrorPattern Opens(string template, params ReadOnlySpan<ProposedCause> causes) => new(template, causes) { Role = ErrorRole.Container };

    private static ProposedCause Ended(string title, string? remedy = null) => Certain(FindingIds.DomainEmulatorDied, title, remedy);
}
