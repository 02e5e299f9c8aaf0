using Passthrough.Sdk.Pci;

namespace Passthrough.Sdk.Iommu;

/// <summary>A port below which a card gets its own IOMMU group.</summary>
/// <param name="Port">The root or downstream port.</param>
/// <param name="Number">The slot's number on the chassis; null if the port does not report it. Source: slot capabilities of PCI Express.</param>
/// <param name="Occupant">The function in the slot, the first one if there are several; null if the slot is empty.</param>
/// <remarks>Thread safety: immutable.</remarks>
public sealed record IsolatedSlot(PciAddress Port, int? Number, PciAddress? Occupant)
{
    /// <summary>Returns a text such as <c>the slot below port 0000:00:1c.4 (slot 5), which is empty</c>.</summary>
    public override string ToString() =>
        $"the slot below port {Port}{(Number is { } number ? $" (slot {number})" : "")}, which {(Occupant is { } device ? $"holds {device}" : "is empty")}";
}
