using System.Globalization;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Host;
using Passthrough.Sdk.Pci;

namespace Passthrough.Sdk.Readiness.Rules;

/// <summary>Reports a node of a device's group that the emulator may not open and that nothing gives to it.</summary>
internal sealed class VfioGroupNode : IReadinessRule
{
    // VfioNode, which has the same id, describes the findings.
    public ValueList<FindingDescription> Describes { get; } = [];

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
        foreach (var (group, devices) in context.Devices.Where(device => device.IommuGroupId is not null).GroupBy(device => device.IommuGroupId!.Value, device => device.Address).Select(members => (members.Key, members)))
        {
            var path = string.Create(CultureInfo.InvariantCulture, $"/dev/vfio/{group}");
            var who = new Evidence(account.Source, $"{emulator.Name} is user {emulator.UserId}");
            if (nodes.IsKnown && nodes.Value.FirstOrDefault(node => node.Path == path) is { } there)
            {
                if (IsClosed(there, emulator))
                {
                    yield return Of(devices, FindingSeverity.Error, $"the emulator, which runs as {emulator.Name}, may not open {path}, and libvirt does not change that", emulator, isSession, new(path, there.ToString()), who);
                }
            }
            else if (!isSession)
            {
                yield return Of(
                    devices,
                    FindingSeverity.Warning,
                    $"libvirt does not change owners: the emulator, which runs as {emulator.Name}, may open {path} only if a udev rule allows it",
                    emulator,
                    isSession,
                    new(changesOwners.Source, "dynamic_ownership = 0"),
                    who);
            }
        }
    }

    private static bool IsClosed(DeviceNode node, EmulatorAccount emulator) =>
        VfioNode.HasOwnMode(node) && node.UserId is not null && !node.AllowsReadWrite(emulator.UserId, emulator.GroupIds.AsSpan());

    private static Finding Of(IEnumerable<PciAddress> devices, FindingSeverity severity, string title, EmulatorAccount emulator, bool isSession, params ReadOnlySpan<Evidence> evidence) => FindingFactory.Of(
        [.. devices],
        FindingIds.VfioNodeInaccessible,
        severity,
        title,
        (isSession ? "" : "remove dynamic_ownership = 0 from /etc/libvirt/qemu.conf and restart the daemon; or ")
        + $"give it the nodes of groups with a udev rule: SUBSYSTEM==\"vfio\", OWNER=\"{emulator.Name}\"",
        evidence);
}
