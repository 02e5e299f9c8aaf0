using Passthrough.Sdk.Pci;

namespace Passthrough.Sdk.Host.Changes;

/// <summary>A change of a host's PCI functions, with the host after it.</summary>
/// <param name="Kind">The kind of the change.</param>
/// <param name="Device">The affected function; null if the change concerns the watch itself.</param>
/// <param name="Driver">The driver the kernel named with it; null if it named none.</param>
/// <param name="Snapshot">The host, captured after the change and possibly after later changes that will be reported next.</param>
/// <remarks>Thread safety: immutable.</remarks>
public sealed record HostChange(HostChangeKind Kind, PciAddress? Device, string? Driver, HostSnapshot Snapshot);
