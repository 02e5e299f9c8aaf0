using Passthrough.Sdk.Pci;

namespace Passthrough.Sdk.Host.Changes;

/// <summary>A change of a host's PCI functions, with the host after it.</summary>
/// <param name="Kind">What happened.</param>
/// <param name="Device">To which function; null where it is about the watch itself.</param>
/// <param name="Driver">The driver the kernel named with it; null where it named none.</param>
/// <param name="Snapshot">The host as it was captured after the change, and perhaps after later ones that are still to be told.</param>
/// <remarks>Thread safety: immutable.</remarks>
public sealed record HostChange(HostChangeKind Kind, PciAddress? Device, string? Driver, HostSnapshot Snapshot);
