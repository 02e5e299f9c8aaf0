using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Readiness;
using static Passthrough.Sdk.Explain.ErrorPattern;

namespace Passthrough.Sdk.Explain.Patterns;

/// <summary>Messages of libvirt when it does not run, refuses a connection, or lacks something that it needs.</summary>
internal static class LibvirtConnectionPatterns
{
    // Written out, because QEMU's own messages begin with its name too and end in the same words for other files.
    private static readonly string[] Architectures = ["x86_64", "i386", "aarch64", "arm", "riscv64", "ppc64", "s390x", "loongarch64"];

    public static ValueList<ErrorPattern> All { get; } =
    [
        new("Failed to connect socket to '{path}': {reason}", Closed) { Errno = 13 },
        new("Failed to connect socket to '{path}': {reason}", Closed) { Errno = 1 },
        new("Failed to connect socket to '{path}'", Certain(FindingIds.LibvirtUnreachable, "nothing listens at {path}: that libvirt daemon does not run", Start)),
        new("can't connect to virtlogd: Cannot open log file: '{path}': {reason}", Certain(
            FindingIds.LibvirtBusy, "an emulator that was started earlier still has the log {path} open", "wait until it has ended, or end it (fuser -v {path})")) { Errno = 16 },
        new("can't connect to virtlogd", Certain(FindingIds.LibvirtUnreachable, "virtlogd, which keeps the logs of domains, does not answer", Start)),
        new("unable to connect to server at '{path}': {reason}", Closed) { Errno = 13 },
        new("unable to connect to server at '{path}': {reason}", Closed) { Errno = 1 },
        new("unable to connect to server at '{path}'", Certain(FindingIds.LibvirtUnreachable, "nothing answers at {path}", Start)),
        new("Unable to connect to libvirt", Silent) { Role = ErrorRole.Hint },
        new("failed to connect to the hypervisor", Silent) { Role = ErrorRole.Hint },
        new("no connection driver available", Certain(
            FindingIds.LibvirtUnreachable, "this libvirt has no driver for the requested hypervisor", "install it (libvirt-daemon-driver-qemu, libvirt-daemon-driver-xen) and restart the daemon, or correct the URI")),
        new("Cannot recv data: {reason}", Silent),
        new("End of file while reading data", Silent),
        new("client socket is closed", Silent),
        new("Cannot write data: Broken pipe", Silent),
        new("connection is not open", Silent),
        new("^server closed connection", Silent),
        new("server closed connection", Silent with { IsCertain = false }) { Role = ErrorRole.Hint },
        new("Unable to get system bus connection", NoBus),
        new("The name org.freedesktop.{service} was not provided by any .service files", Certain(
            FindingIds.LibvirtNoSystemBus, "D-Bus has no service org.freedesktop.{service}, which libvirt needs", "install the service (systemd-container has machine1, polkitd has PolicyKit1), or run libvirt under systemd")),
        new("Host key verification failed", Certain(FindingIds.LibvirtUnreachable, "ssh does not know the host of libvirt", "connect to it with ssh once and accept its key, or correct the URI") with { IsCertain = false }),
        new("unable to connect to libvirtd", Silent),

        new("authentication unavailable", NoAgent),
        new("no polkit agent available", NoAgent),
        new("polkit: {detail}", Closed),
        new("^authentication failed", Closed),
        new("authentication failed", Closed with { IsCertain = false }) { Role = ErrorRole.Hint },
        new("authentication cancelled", Closed),
        new("^access denied", Closed),
        new("'{driver}' denied access", Closed),
        new("access denied", Closed with { IsCertain = false }) { Role = ErrorRole.Hint },
        new("read only access prevents", ReadOnly),
        new("forbidden for read only access", ReadOnly),
        new("operation forbidden{detail}read only", ReadOnly),
        new("^operation forbidden", Closed),

        new("cannot acquire state change lock", Busy),
        new("Timed out during operation", Busy),
        new("another migration job is already running", Busy),
        new("Hook script execution failed", Certain(
            FindingIds.LibvirtHookFailed,
            "the operator's own hook script of libvirt failed",
            "run the script under /etc/libvirt/hooks by hand with the same arguments; a hook must not call virsh, because libvirt waits for the hook while virsh waits for libvirt")),
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
        .. Architectures.SelectMany(arch => (ErrorPattern[])[
            new($"qemu-system-{arch}: command not found", NoQemu),
            new($"qemu-system-{arch}: No such file or directory", NoQemu),
        ]),
    ];

    private const string Start = "install libvirt and start its daemons (systemctl start libvirtd, or virtqemud.socket with separate daemons; also virtlogd.socket), or correct the URI";

    private static ProposedCause Silent => Certain(FindingIds.LibvirtUnreachable, "libvirt's daemon does not answer, or has ended", Start);

    private static ProposedCause NoBus => Certain(
        FindingIds.LibvirtNoSystemBus,
        "libvirt's daemon cannot connect to the system's D-Bus, over which it asks polkit who may connect and systemd for control groups",
        "start it (systemctl start dbus), or pass /run/dbus/system_bus_socket to the daemon's container; root can connect without polkit");

    private static ProposedCause Closed => Certain(
        FindingIds.LibvirtNoPermission,
        "libvirt does not accept a connection of this user",
        "run as root, or as a member of the group libvirt (usermod -aG libvirt USER, then log in again)");

    private static ProposedCause NoAgent => Certain(
        FindingIds.LibvirtNoPermission,
        "libvirt asks polkit whether this user may connect, but there is no agent to ask the user",
        "run as root, or as a member of the group libvirt (usermod -aG libvirt USER, then log in again)");

    private static ProposedCause ReadOnly => Certain(
        FindingIds.LibvirtNoPermission, "the connection is read-only", "connect without read-only, as a user who may manage domains");

    private static ProposedCause Busy => Certain(
        FindingIds.LibvirtBusy,
        "another call has locked the domain and did not end in time",
        "wait for it, or find out what hangs: a driver that does not release its device makes libvirt wait forever (journalctl -u libvirtd, dmesg); as a last resort, restart the daemon");

    private static ProposedCause NoQemu => Certain(
        FindingIds.QemuMissing,
        "no QEMU is installed that could run this domain",
        "install it (qemu-system-x86, qemu-kvm, or the one for the guest's architecture), correct <emulator> in the domain, and restart libvirt's daemon");
}
