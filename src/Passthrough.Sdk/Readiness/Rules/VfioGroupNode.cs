using System.Collections.Immutable;
using System.Globalization;
using Passthrough.Sdk.Host;

namespace Passthrough.Sdk.Readiness.Rules;

/// <summary>The node of a device's group is not for the emulator, and nobody gives it to it.</summary>
internal sealed class VfioGroupNode : IReadinessRule
{
    // What it finds is described with VfioNode, of the same id.
    public ImmutableArray<FindingDescription> Describes { get; } = [];

    public IEnumerable<Finding> Check(ReadinessContext context)
    {
        var isSession = VfioNode.IsSession(context);
        var changesOwners = context.System.Emulator.ChangesOwners;
        var account = VfioNode.AccountOf(context);
        if (!context.NeedsVfio || context.IsDom0 || (!isSession && changesOwners is not { IsKnown: true, Value: false }) || account.Value is not { UserId: not 0 } emulator)
        {
            yield break;
        }

        var nodes = context.System.Vfio.Groups;
        foreach (var group in context.Devices.Select(device => device.IommuGroup).OfType<int>().Distinct())
        {
            var path = string.Create(CultureInfo.InvariantCulture, $"/dev/vfio/{group}");
            var who = new Evidence(account.Source, $"{emulator.Name} is user {emulator.UserId}");
            if (nodes.IsKnown && nodes.Value.FirstOrDefault(node => node.Path == path) is { } there)
            {
                if (IsClosed(there, emulator))
                {
                    yield return Of(FindingSeverity.Error, $"the emulator, which runs as {emulator.Name}, may not open {path}, and libvirt does not change that", emulator, isSession, new(path, there.ToString()), who);
                }
            }
            else if (!isSession)
            {
                yield return Of(
                    FindingSeverity.Warning,
                    $"libvirt changes no owners: the emulator, which runs as {emulator.Name}, may open {path} only if a udev rule lets it",
                    emulator,
                    isSession,
                    new(changesOwners.Source, "dynamic_ownership = 0"),
                    who);
            }
        }
    }

    private static bool IsClosed(DeviceNode node, EmulatorAccount emulator) =>
        VfioNode.HasOwnMode(node) && node.UserId is not null && !node.AllowsReadWrite(emulator.UserId, emulator.GroupIds.AsSpan());

    private static Finding Of(FindingSeverity severity, string title, EmulatorAccount emulator, bool isSession, params ReadOnlySpan<Evidence> evidence) => FindingFactory.Of(
        FindingIds.VfioNodeInaccessible,
        severity,
        title,
        (isSession ? "" : "drop dynamic_ownership = 0 from /etc/libvirt/qemu.conf and restart the daemon; or ")
        + $"give the nodes of groups to it by a udev rule: SUBSYSTEM==\"vfio\", OWNER=\"{emulator.Name}\"",
        evidence);
}
