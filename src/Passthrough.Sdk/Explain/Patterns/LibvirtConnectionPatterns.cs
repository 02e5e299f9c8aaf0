using System.Collections.Immutable;
using Passthrough.Sdk.Readiness;
using static Passthrough.Sdk.Explain.ErrorPattern;

namespace Passthrough.Sdk.Explain.Patterns;

/// <summary>What libvirt says when it is not there, does not let in, or lacks what it needs itself.</summary>
internal static class LibvirtConnectionPatterns
{
    public static ImmutableArray<ErrorPattern> All { get; } =
    [
        new("Failed to connect socket to '{path}': {reason}", Closed) { Errno = 13 },
        new("Failed to connect socket to '{path}': {reason}", Closed) { Errno = 1 },
        new("Failed to connect socket to '{path}'", Certain(FindingIds.LibvirtUnreachable, "nothing listens at {path}: that daemon of libvirt does not run", Start)),
        new("can't connect to virtlogd: Cannot open log file: '{path}': {reason}", Certain(
            FindingIds.LibvirtBusy, "an emulator that was started before still holds the log {path}", "wait until it has ended, or end it (fuser -v {path})")) { Errno = 16 },
        new("can't connect to virtlogd", Certain(FindingIds.LibvirtUnreachable, "virtlogd, which keeps the logs of domains, does not answer", Start)),
        new("unable to connect to server at '{path}'", Certain(FindingIds.LibvirtUnreachable, "nothing answers at {path}", Start)),
        new("Unable to connect to libvirt", Silent) { Role = ErrorRole.Hint },
        new("failed to connect to the hypervisor", Silent) { Role = ErrorRole.Hint },
        new("no connection driver available", Certain(
            FindingIds.LibvirtUnreachable, "this libvirt has no driver for the hypervisor that was asked for", "install it (libvirt-daemon-driver-qemu, libvirt-daemon-driver-xen) and restart the daemon, or correct the URI")),
        new("Cannot recv data: {reason}", Silent),
        new("End of file while reading data", Silent),
        new("client socket is closed", Silent),
        new("Cannot write data: Broken pipe", Silent),
        new("connection is not open", Silent),
        new("server closed connection", Silent),
        new("Unable to get system bus connection", NoBus),
        new("The name org.freedesktop.{service} was not provided by any .service files", Certain(
            FindingIds.LibvirtNoSystemBus, "D-Bus knows no org.freedesktop.{service}, which libvirt asks", "install the service (systemd-container has machine1, polkitd has PolicyKit1), or run libvirt under systemd")),
        new("Host key verification failed", Certain(FindingIds.LibvirtUnreachable, "ssh does not know the host that libvirt is on", "ssh to it once and accept its key, or correct the URI")),
        new("unable to connect to libvirtd", Silent),

        new("authentication unavailable", NoAgent),
        new("no polkit agent available", NoAgent),
        new("polkit: {detail}", Closed),
        new("authentication failed", Closed),
        new("authentication cancelled", Closed),
        new("access denied", Closed),
        new("read only access prevents", ReadOnly),
        new("forbidden for read only access", ReadOnly),
        new("operation forbidden", ReadOnly),

        new("cannot acquire state change lock", Busy),
        new("Timed out during operation", Busy),
        new("another migration job is already running", Busy),
        new("Hook script execution failed", Certain(
            FindingIds.LibvirtHookFailed,
            "the operator's hook script of libvirt failed",
            "run the script under /etc/libvirt/hooks by hand with the same arguments; a hook must not call virsh, libvirt waits for it and it for libvirt")),
        new("this function is not supported by the connection driver", Certain(FindingIds.LibvirtNotSupported)),

        new("Cannot check QEMU binary {path}: {reason}", NoQemu),
        new("Cannot find QEMU binary", NoQemu),
        new("no emulator found", NoQemu),
        new("unable to find any emulator to serve", NoQemu),
        new("Emulator '{path}' not found", NoQemu),
        new("Failed to start QEMU binary", NoQemu),
        new("cannot execute binary {path}", NoQemu),
        new("Cannot find suitable emulator for", NoQemu),
        new("could not find capabilities for arch={arch}", NoQemu),
        new("could not find capabilities for domaintype=qemu", NoQemu),
        new("No emulator binary found", NoQemu),
        new("qemu-system{arch}: command not found", NoQemu),
        new("qemu-system{arch}: No such file or directory", NoQemu),
    ];

    private const string Start = "install libvirt and start its daemons (systemctl start libvirtd, or virtqemud.socket where it is split; virtlogd.socket beside it), or correct the URI";

    private static ProposedCause Silent => Certain(FindingIds.LibvirtUnreachable, "libvirt's daemon does not answer, or ended meanwhile", Start);

    private static ProposedCause NoBus => Certain(
        FindingIds.LibvirtNoSystemBus,
        "libvirt's daemon gets no connection to the system's D-Bus, over which it asks polkit who may come in and systemd for control groups",
        "start it (systemctl start dbus), or let the daemon's container have /run/dbus/system_bus_socket; root is let in without polkit");

    private static ProposedCause Closed => Certain(
        FindingIds.LibvirtNoPermission,
        "libvirt does not let this user in",
        "run as root, or as a member of the group libvirt (usermod -aG libvirt USER, then log in again)");

    private static ProposedCause NoAgent => Certain(
        FindingIds.LibvirtNoPermission,
        "libvirt asks polkit whether this user may come in, and there is no agent to ask the user",
        "run as root, or as a member of the group libvirt (usermod -aG libvirt USER, then log in again)");

    private static ProposedCause ReadOnly => Certain(
        FindingIds.LibvirtNoPermission, "the connection was opened for reading only", "connect without readonly, as a user who may manage domains");

    private static ProposedCause Busy => Certain(
        FindingIds.LibvirtBusy,
        "another call holds the domain, and did not end in time",
        "wait for it, or find what hangs: a driver that does not let its device go makes libvirt wait for ever (journalctl -u libvirtd, dmesg); restart the daemon at last");

    private static ProposedCause NoQemu => Certain(
        FindingIds.QemuMissing,
        "there is no QEMU that could run this domain",
        "install it (qemu-system-x86, qemu-kvm, or that of the guest's architecture), correct <emulator> in the domain, and restart libvirt's daemon");
}
