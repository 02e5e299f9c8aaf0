using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Host;

namespace Passthrough.Sdk.Readiness.Rules;

/// <summary>Reports that VFIO is loaded but its node does not exist or is not accessible to the emulator.</summary>
internal sealed class VfioNode : IReadinessRule
{
    public ValueList<FindingDescription> Describes { get; } =
    [
        new()
        {
            Id = FindingIds.VfioNodeMissing,
            Severity = FindingSeverity.Error,
            Title = "VFIO is loaded, but its node /dev/vfio/vfio does not exist",
            Meaning =
                "The kernel offers the node, but this /dev does not have it: typically in a container to which the node was not "
                + "passed, or in a /dev that nothing manages. libvirt says: host doesn't support passthrough of host PCI devices; "
                + "QEMU: failed to open /dev/vfio/vfio.",
            Detection =
                "The modules vfio and vfio-pci are loaded or built in, and /dev/vfio/vfio is absent or not a device. Unknown if "
                + "there is no /dev.",
            Remedy =
                "For a container, pass /dev/vfio to it (for example --device /dev/vfio/vfio, and the node of the group). On the "
                + "host, start udev, or create the node: mknod -m 666 /dev/vfio/vfio c 10 196.",
        },
        new()
        {
            Id = FindingIds.VfioNodeInaccessible,
            Severity = FindingSeverity.Error,
            Title = "the emulator may not open VFIO's nodes",
            Meaning =
                "libvirt's system daemon gives the node of the device's group to the emulator's account, unless dynamic_ownership "
                + "= 0, and does not change /dev/vfio/vfio. A session's daemon can change neither. QEMU says: failed to open "
                + "/dev/vfio/vfio, or /dev/vfio/N: Permission denied.",
            Detection =
                "Mode and owner of /dev/vfio/vfio, and of the node of the device's group if libvirt does not change it, are "
                + "compared with the account under which libvirt's system daemon starts emulators (qemu.conf, else libvirt-qemu or "
                + "qemu), or with this user if the connection is to a session's daemon. A group's node that does not exist yet will "
                + "belong to root, unless a udev rule says otherwise: then the finding is a warning. Unknown if the mode is "
                + "restricted and the account is not known.",
            Remedy =
                "Run chmod 666 /dev/vfio/vfio, which does not give access to any device by itself, and find the udev rule that "
                + "restricts it (KERNEL==\"vfio\"). For the group: remove dynamic_ownership = 0 from /etc/libvirt/qemu.conf, or set "
                + "the owner with a udev rule (SUBSYSTEM==\"vfio\", OWNER=\"USER\").",
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
            yield break; // the module is the cause (vfio.module-not-loaded)
        }

        if (container.IsUnknown)
        {
            yield return FindingFactory.UndeterminedOfHost(FindingIds.VfioNodeMissing, "whether VFIO's node exists", container);
            yield break;
        }

        var kind = context.System.Environment.Container.Value;
        yield return FindingFactory.OfHost(
            FindingIds.VfioNodeMissing,
            FindingSeverity.Error,
            $"VFIO is loaded, but /dev/vfio/vfio does not exist{(kind is null ? "" : $": this is a container ({kind}) to which it was not passed")}",
            kind is null
                ? "start udev (systemd-udevd), which creates it, or: mkdir -p /dev/vfio; mknod -m 666 /dev/vfio/vfio c 10 196"
                : "start the container with /dev/vfio/vfio and the node of the device's group (--device /dev/vfio/vfio --device /dev/vfio/GROUP)",
            container.ToEvidence(),
            new Evidence(modules["vfio_pci"].IsPresent.Source, "vfio_pci"));
    }

    /// <summary>Returns the account of the emulator: the one of libvirt's system daemon, or the user of a session's daemon.</summary>
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

    /// <summary>Returns whether the connection is to a session's daemon.</summary>
    internal static bool IsSession(ReadinessContext context) => context.Libvirt?.Uri.EndsWith("/session", StringComparison.Ordinal) == true;

    /// <summary>
    /// Returns whether the mode is meaningful: in a copied tree a plain file stands for the node, and its mode counts only if it was
    /// restricted on purpose.
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
            yield return FindingFactory.UndeterminedOfHost(FindingIds.VfioNodeInaccessible, $"whether the emulator may open {node}", account);
        }
        else if (account.Value is { } emulator && !node.AllowsReadWrite(emulator.UserId, emulator.GroupIds.AsSpan()))
        {
            yield return FindingFactory.OfHost(
                FindingIds.VfioNodeInaccessible,
                FindingSeverity.Error,
                $"the emulator, which runs as {emulator.Name}, may not open /dev/vfio/vfio",
                "chmod 666 /dev/vfio/vfio, and find the udev rule that restricts it (grep -r vfio /etc/udev/rules.d)",
                new Evidence(node.Path, node.ToString()),
                new Evidence(account.Source, $"{emulator.Name} is user {emulator.UserId}"));
        }
    }
}
