using System.Collections.Immutable;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Readiness;

namespace Passthrough.Sdk.Plans.Saved;

/// <summary>A finding as a saved plan shows it; a consequence follows its cause.</summary>
/// <param name="Id">The finding's id.</param>
/// <param name="Severity">The severity.</param>
/// <param name="Title">The description of what is wrong.</param>
/// <param name="Evidence">The facts on which it is based.</param>
/// <param name="Remedy">The instruction that fixes it.</param>
/// <param name="Devices">The devices that it concerns.</param>
internal sealed record PlanDocumentFinding(
    string Id, FindingSeverity Severity, string Title, ImmutableArray<Evidence> Evidence, string Remedy, ImmutableArray<PciAddress> Devices)
{
    /// <summary>The findings of a plan, each followed by its consequences.</summary>
    public static ImmutableArray<PlanDocumentFinding> Of(IEnumerable<Finding> findings) =>
    [
        .. findings.SelectMany(finding => finding.Consequences.Prepend(finding))
            .Select(finding => new PlanDocumentFinding(finding.Id, finding.Severity, finding.Title, [.. finding.Evidence], finding.Remedy, [.. finding.Devices])),
    ];
}
