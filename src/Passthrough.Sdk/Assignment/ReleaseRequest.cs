using System.Diagnostics.CodeAnalysis;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Pci;

namespace Passthrough.Sdk.Assignment;

/// <summary>The devices that a domain is to lose, and where.</summary>
/// <remarks>Thread safety: immutable.</remarks>
public sealed record ReleaseRequest
{
    /// <summary>Creates a request; set <see cref="Devices"/>.</summary>
    public ReleaseRequest()
    {
    }

    /// <summary>Creates a request for devices.</summary>
    /// <param name="devices">The devices' addresses on the host.</param>
    /// <exception cref="ArgumentNullException"><paramref name="devices"/> is null.</exception>
    [SetsRequiredMembers]
    public ReleaseRequest(params IEnumerable<PciAddress> devices)
    {
        ArgumentNullException.ThrowIfNull(devices);
        Devices = [.. devices];
    }

    /// <summary>Gets the devices' addresses on the host.</summary>
    public required ValueList<PciAddress> Devices { get; init; }

    /// <summary>Gets whether all functions of the devices' slots that the domain has are released. The default is false.</summary>
    /// <remarks>
    /// Virtual functions of SR-IOV do not count as functions of the card, and neither does a function that the host does not have any more:
    /// it may have been a virtual one. Name these in <see cref="Devices"/>.
    /// </remarks>
    public bool WholeCards { get; init; }

    /// <summary>
    /// Gets whether the running guest, the definition, or both lose the devices. The default is both. With
    /// <see cref="AssignmentScope.Definition"/>, a running guest keeps them until it ends.
    /// </summary>
    public AssignmentScope Scope { get; init; }
}
