using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Pci;

namespace Passthrough.Sdk.Iommu.Firmware;

/// <summary>A device, or a bridge with everything below it, that a DMAR structure names.</summary>
/// <param name="Type">The kind of the named device.</param>
/// <param name="EnumerationId">The I/O APIC's or timer's id, or the number of the ACPI device; 0 otherwise.</param>
/// <param name="StartBus">The bus on which the path starts.</param>
/// <param name="Path">The slot and function of each bridge on the path, the device last.</param>
/// <remarks>Thread safety: immutable.</remarks>
public sealed record DmarScope(DmarScopeType Type, byte EnumerationId, byte StartBus, ValueList<(byte Slot, byte Function)> Path)
{
    /// <summary>Returns the PCI address if the path has one step; null if it leads through bridges, because the table does not contain their buses.</summary>
    /// <param name="segment">The PCI domain of the structure that contains the scope.</param>
    public PciAddress? AddressIn(ushort segment) =>
        Path is [var (slot, function)] && slot < 32 && function < 8 ? new PciAddress(segment, StartBus, slot, function) : null;

    /// <summary>Returns type, start bus and path: <c>PciBridge 00:1c.0/00.0</c>.</summary>
    public override string ToString() => $"{Type} {StartBus:x2}:{string.Join('/', Path.Select(p => $"{p.Slot:x2}.{p.Function:x}"))}";
}
