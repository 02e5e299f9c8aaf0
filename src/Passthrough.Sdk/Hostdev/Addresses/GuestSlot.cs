using Passthrough.Sdk.Hostdev.Domains;
using Passthrough.Sdk.Pci;

namespace Passthrough.Sdk.Hostdev;

/// <summary>A free slot for a PCI device in a guest, and the domain with the controller that it needs.</summary>
/// <param name="Address">Function 0 of the free slot.</param>
/// <param name="Document">The domain, with one more PCI controller if no slot was free.</param>
/// <param name="AddedController">That controller; null if a slot was free.</param>
/// <remarks>Thread safety: immutable.</remarks>
public sealed record GuestSlot(PciAddress Address, DomainDocument Document, PciController? AddedController);
