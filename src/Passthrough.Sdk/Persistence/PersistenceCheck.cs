using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Pci;

namespace Passthrough.Sdk.Persistence;

/// <summary>The result of comparing one configured function with the host.</summary>
/// <remarks>Thread safety: immutable.</remarks>
/// <param name="Device">What is configured.</param>
/// <param name="State">How the host is.</param>
public sealed record PersistenceCheck(PersistentDevice Device, PersistenceState State)
{
    /// <summary>Gets the function that has the address now; null if no function has it, or if it is not known.</summary>
    public PciDevice? Now { get; init; }

    /// <summary>
    /// Gets the addresses of the functions that match the configured ids and serial number, if the configured one is not at its place: the
    /// device was probably moved there. Empty if it is at its place, or if none matches.
    /// </summary>
    public ValueList<PciAddress> FoundAt { get; init; } = [];

    /// <summary>Gets the other files that configure the same function; empty if there are none.</summary>
    public ValueList<PersistentDevice> Others { get; init; } = [];
}
