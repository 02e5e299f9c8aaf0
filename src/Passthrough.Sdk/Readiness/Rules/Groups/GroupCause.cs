using Passthrough.Sdk.Host;
using Passthrough.Sdk.Iommu;

namespace Passthrough.Sdk.Readiness.Rules;

/// <summary>Finds why a group has several members, as evidence, and the slot that would separate them, for the remedy.</summary>
internal static class GroupCause
{
    private const int MostSlots = 3;

    /// <summary>Returns what keeps the group together: the bridges and functions that lack access controls. Empty if their
    /// details were not captured.</summary>
    public static IEnumerable<Evidence> EvidenceOf(HostSnapshot snapshot, IommuGroup group) =>
        IsolationAnalysis.Explain(group, snapshot.Devices)
            .Where(gap => snapshot.Devices.TryGet(gap.Device, out var device) && device.Details is not null)
            .Select(gap => new Evidence($"/sys/bus/pci/devices/{gap.Device}/config", gap.ToString()));

    /// <summary>Returns where to move the card: the names of slots if the snapshot shows them, else a general phrase.</summary>
    public static string BetterSlot(HostSnapshot snapshot)
    {
        var slots = SlotAdvice.Find(snapshot.IommuGroups, snapshot.Devices);
        return slots.IsEmpty ? "a slot with its own group" : string.Join(", or ", slots.Take(MostSlots));
    }
}
