using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Pci;

namespace Passthrough.Sdk.Iommu;

/// <summary>One reason why functions share an IOMMU group.</summary>
/// <param name="Device">The bridge or function that does not isolate others.</param>
/// <param name="Kind">The reason.</param>
/// <param name="Missing">The access controls that are supported and needed but not enabled, in words (<c>request redirect</c>); empty unless <paramref name="Kind"/> is <see cref="IsolationGapKind.NotEnabled"/>.</param>
/// <param name="IsBridge">Whether it is above the members (a port or bridge) or is one of several functions of a card.</param>
/// <remarks>Thread safety: immutable.</remarks>
public sealed record IsolationGap(PciAddress Device, IsolationGapKind Kind, ValueList<string> Missing, bool IsBridge)
{
    /// <summary>Returns the gap in a sentence.</summary>
    public override string ToString() =>
        $"{(IsBridge ? "bridge" : "function")} {Device} " + Kind switch
        {
            IsolationGapKind.NoAccessControl => "has no access control services (ACS)",
            IsolationGapKind.NotEnabled => $"has access control services that are not enabled: {string.Join(", ", Missing)}",
            IsolationGapKind.ConventionalPci => "is conventional PCI, which cannot keep functions apart",
            _ => "may lack access control services: the part of its configuration space that lists them could not be read",
        };
}
