using System.Collections.Immutable;
using Passthrough.Sdk.Host;

namespace Passthrough.Sdk.Readiness.Rules;

/// <summary>VFIO is there, and the node through which it is used is not, or not for the emulator.</summary>
internal sealed class VfioNode : IReadinessRule
{
    public ImmutableArray<FindingDescription> Describes { get; } =
    [
        new()
        {
            Id = FindingIds.VfioNodeMissing,
            Severity = FindingSeverity.Error,
            Title = "VFIO is loaded and its node /dev/vfio/vfio is not there",
            Meaning =
                "The kernel offers the node, and this /dev does not have it: typically a container that was not given it, or a /dev "
                + "that nobody keeps. libvirt says: host doesn't support passthrough of host PCI devices; QEMU: failed to open "
                + "/dev/vfio/vfio.",
            Detection =
                "The modules vfio and vfio-pci are loaded or built in, and /dev/vfio/vfio is absent or no device. Unknown where there "
                + "is no /dev to look into.",
            Remedy =
                "In a container give it /dev/vfio (for example --device /dev/vfio/vfio, and the node of the group); on the host start "
                + "udev, or make the node: mknod -m 666 /dev/vfio/vfio c 10 196.",
        },
        new()
        {
            Id = FindingIds.VfioNodeInaccessible,
            Severity = FindingSeverity.Error,
            Title = "the emulator may not open VFIO's nodes",
            Meaning =
                "libvirt's system daemon gives the emulator's account the node of the device's group, unless dynamic_ownership = 0, and "
                + "leaves /dev/vfio/vfio as it is; a session's daemon can do neither. QEMU says: failed to open /dev/vfio/vfio, or "
                + "/dev/vfio/N: Permission denied.",
            Detection =
                "Mode and owner of /dev/vfio/vfio, and of the node of the device's group where libvirt does not change it, against the "
                + "account as which libvirt's system daemon starts emulators (qemu.conf, else libvirt-qemu or qemu), or against this "
                + "user where a session's daemon was asked. A group's node that is not there yet will be root's alone, unless a udev "
                + "rule says otherwise: then a warning. Unknown where the mode is narrow and the account cannot be told.",
            Remedy =
                "chmod 666 /dev/vfio/vfio, which gives nobody a device by itself, and look for the udev rule that narrows it "
                + "(KERNEL==\"vfio\"). For the group: drop dynamic_ownership = 0 from /etc/libvirt/qemu.conf, or give it away by a udev rule "
                + "(SUBSYSTEM==\"vfio\", OWNER=\"USER\").",
        },
    ];

    private const UnixFileMode ForOthers =
        UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;

    public IEnumerable<Finding> Check(ReadinessContext context)
    {
        var container = context.System.Vfio.Container;
        if (!context.NeedsVfio || context.IsDom0)
        {
            return [];
        }

        return container.Value is { } node ? CheckAccess(context, node) : CheckPresence(context, container);
    }

    private static IEnumerable<Finding> CheckPresence(ReadinessContext context, Fact<DeviceNode> container)
    {
        var modules = context.System.Modules;
        if (!modules["vfio_pci"].IsPresent.Value && !modules["vfio"].IsPresent.Value)
        {
            yield break; // the module is the matter (vfio.module-not-loaded)
        }

        if (container.IsUnknown)
        {
            yield return FindingFactory.Undetermined(FindingIds.VfioNodeMissing, "whether VFIO's node is there", container);
            yield break;
        }

        var kind = context.System.Environment.Container.Value;
        yield return FindingFactory.Of(
            FindingIds.VfioNodeMissing,
            FindingSeverity.Error,
            $"VFIO is loaded and /dev/vfio/vfio is not there{(kind is null ? "" : $": this is a container ({kind}) that was not given it")}",
            kind is null
                ? "start udev (systemd-udevd), which makes it, or: mkdir -p /dev/vfio; mknod -m 666 /dev/vfio/vfio c 10 196"
                : "start the container with /dev/vfio/vfio and the node of the device's group (--device /dev/vfio/vfio --device /dev/vfio/GROUP)",
            container.ToEvidence(),
            new Evidence(modules["vfio_pci"].IsPresent.Source, "vfio_pci"));
    }

    /// <summary>As whom the emulator will run: as libvirt's system daemon says, or as the user of a session's daemon.</summary>
    internal static Fact<EmulatorAccount> AccountOf(ReadinessContext context)
    {
        if (!IsSession(context))
        {
            return context.System.Emulator.Account;
        }

        var credentials = context.System.Credentials;
        return credentials.Value is { } user
            ? Fact.Known(new EmulatorAccount($"user {user.UserId}", user.UserId, user.GroupIds), credentials.Source)
            : Fact.Unknown<EmulatorAccount>(credentials.Source, credentials.Reason ?? "absent");
    }

    /// <summary>Whether a session's daemon was asked.</summary>
    internal static bool IsSession(ReadinessContext context) => context.Libvirt?.Uri.EndsWith("/session", StringComparison.Ordinal) == true;

    /// <summary>
    /// Whether the mode says something: a plain file stands for the node where a tree was copied, and its mode counts only where
    /// somebody narrowed it on purpose.
    /// </summary>
    internal static bool HasOwnMode(DeviceNode node) => node.IsCharacterDevice || (node.Permissions & ForOthers) == 0;

    private static IEnumerable<Finding> CheckAccess(ReadinessContext context, DeviceNode node)
    {
        if (node.AllowsReadWrite(uint.MaxValue) || !HasOwnMode(node))
        {
            yield break;
        }

        var account = AccountOf(context);
        if (account.IsUnknown)
        {
            yield return FindingFactory.Undetermined(FindingIds.VfioNodeInaccessible, $"whether the emulator may open {node}", account);
        }
        else if (account.Value is { } emulator && !node.AllowsReadWrite(emulator.UserId, emulator.GroupIds.AsSpan()))
        {
            yield return FindingFactory.Of(
                FindingIds.VfioNodeInaccessible,
                FindingSeverity.Error,
                $"the emulator, which runs as {emulator.Name}, may not open /dev/vfio/vfio",
                "chmod 666 /dev/vfio/vfio, and look for the udev rule that narrows it (grep -r vfio /etc/udev/rules.d)",
                new Evidence(node.Path, node.ToString()),
                new Evidence(account.Source, $"{emulator.Name} is user {emulator.UserId}"));
        }
    }
}
