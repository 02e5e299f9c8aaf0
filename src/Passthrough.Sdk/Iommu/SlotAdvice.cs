using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Pci.Configuration;

namespace Passthrough.Sdk.Iommu;

/// <summary>Finds the slots in which a card would be isolated from all others.</summary>
/// <remarks>
/// Such a slot belongs to a port that has every access control that the kernel requires, as have all ports above it, and that
/// shares its own group with no other function. Thread safety: pure functions.
/// </remarks>
public static class SlotAdvice
{
    /// <summary>Returns the slots with a group of their own, the empty ones first, then in the order of their ports.</summary>
    /// <param name="groups">The host's groups.</param>
    /// <param name="devices">The host's functions, with <see cref="PciDevice.Details"/> of bridges; bridges without them are ignored.</param>
    /// <returns>The slots. Also empty if they cannot be determined: the access controls can be read only as root.</returns>
    public static ValueList<IsolatedSlot> Find(IommuGroupCollection groups, PciDeviceCollection devices)
    {
        ArgumentNullException.ThrowIfNull(groups);
        ArgumentNullException.ThrowIfNull(devices);
        var slots = new List<IsolatedSlot>();
        foreach (var port in devices)
        {
            if (SlotOf(port) is { } slot && IsAlone(port, groups) && KeepsApart(port, devices))
            {
                slots.Add(new IsolatedSlot(port.Address, slot.PhysicalSlotNumber is > 0 and var number ? number : null, OccupantOf(port, devices)));
            }
        }

        return [.. slots.OrderBy(slot => slot.Occupant is not null)];
    }

    // A port that leads to something soldered on has no slot.
    private static PciExpressSlot? SlotOf(PciDevice port) => port.Details?.Configuration?.Find<PciExpressCapability>()?.Slot;

    private static bool IsAlone(PciDevice port, IommuGroupCollection groups) =>
        port.IommuGroupId is { } id && groups.TryGet(id, out var group) && group.Devices.Count == 1;

    private static bool KeepsApart(PciDevice port, PciDeviceCollection devices) =>
        IsolationAnalysis.Check(port, isBridge: true) is null
        && port.Details!.Bridges.All(above => devices.TryGet(above, out var bridge) && IsolationAnalysis.Check(bridge, isBridge: true) is null);

    private static PciAddress? OccupantOf(PciDevice port, PciDeviceCollection devices)
    {
        foreach (var device in devices)
        {
            if (device.Address.Domain == port.Address.Domain
                && device.Address.Bus >= port.Details!.SecondaryBus && device.Address.Bus <= port.Details.SubordinateBus)
            {
                return device.Address;
            }
        }

        return null;
    }
}
