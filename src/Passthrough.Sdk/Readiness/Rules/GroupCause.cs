using Passthrough.Sdk.Host;
using Passthrough.Sdk.Iommu;

namespace Passthrough.Sdk.Readiness.Rules;

/// <summary>Why a group has several members, as evidence, and the slot that would part them, for the remedy.</summary>
internal static class GroupCause
{
    private const int MostSlots = 3;

    /// <summary>What keeps the group together: the bridges and functions that lack access controls, and which. Empty where their details were not captured.</summary>
    public static IEnumerable<Evidence> EvidenceOf(HostSnapshot snapshot, IommuGroup group) =>
        IsolationAnalysis.Explain(group, snapshot.Devices)
            .Where(gap => snapshot.Devices.TryGet(gap.Device, out var device) && device.Details is not null)
            .Select(gap => new Evidence($"/sys/bus/pci/devices/{gap.Device}/config", gap.ToString()));

    /// <summary>Where to move the card: the slots by name as far as the snapshot tells, else in general.</summary>
    public static string BetterSlot(HostSnapshot snapshot)
    {
        var slots = SlotAdvice.Find(snapshot.IommuGroups, snapshot.Devices);
        return slots.IsEmpty ? "a slot with a group of its own" : string.Join(", or ", slots.Take(MostSlots));
    }
}
