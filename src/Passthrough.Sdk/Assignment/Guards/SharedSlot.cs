using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Hostdev.Domains;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Readiness;

namespace Passthrough.Sdk.Assignment.Guards;

/// <summary>Refuses to unplug a device that shares a slot of the running guest with another one.</summary>
internal static class SharedSlot
{
    /// <summary>Finds those of the devices.</summary>
    /// <param name="released">The devices that are unplugged.</param>
    /// <param name="live">The running domain's XML; empty if it does not run.</param>
    /// <param name="domain">The domain's name.</param>
    public static ValueList<Finding> Find(ValueList<PciAddress> released, string live, string domain) => live.Length == 0
        ? []
        : [.. released.Where(device => DomainXml.IsInSharedSlot(live, device)).Select(device => FindingFactory.Of(
            [device],
            FindingIds.PlanSharedSlot,
            FindingSeverity.Error,
            $"{device} shares a slot of the running {domain} with another device, and libvirt unplugs no function of such a slot",
            $"shut {domain} down and release {device} then, or release it from the definition only (--config), so that the guest has it until it ends",
            new Evidence($"virsh dumpxml {domain}", "the slot has several functions")))];
}
