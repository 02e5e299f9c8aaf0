using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Pci;

namespace Passthrough.Sdk.Readiness;

/// <summary>A verdict on facts: what is wrong, how it was detected, and how to fix it.</summary>
/// <remarks>Thread safety: immutable.</remarks>
public sealed record Finding
{
    private readonly FindingSeverity? _possibleSeverity;

    /// <summary>Gets the stable id, <c>area.problem</c>; see <see cref="FindingIds"/> and docs/findings.md.</summary>
    public required string Id { get; init; }

    /// <summary>Gets the severity.</summary>
    public required FindingSeverity Severity { get; init; }

    /// <summary>Gets one sentence that names the object and what is wrong with it.</summary>
    public required string Title { get; init; }

    /// <summary>Gets the facts on which the finding is based. Never empty for a finding that is not <see cref="IsUndetermined"/>.</summary>
    public ValueList<Evidence> Evidence { get; init; } = [];

    /// <summary>
    /// Gets the PCI functions that the finding concerns; empty if it concerns the host and therefore every device. If
    /// certain devices were checked, only these are named, and those that are assigned with them.
    /// </summary>
    public ValueList<PciAddress> Devices { get; init; } = [];

    /// <summary>Gets the instruction that fixes the problem on this host.</summary>
    public required string Remedy { get; init; }

    /// <summary>Gets whether the facts were not sufficient for a verdict: the finding then names the missing file or permission.</summary>
    public bool IsUndetermined { get; init; }

    /// <summary>
    /// Gets the severity that the finding would have if the undetermined problem exists. It differs from <see cref="Severity"/> only
    /// if <see cref="IsUndetermined"/> is true: such a finding is itself <see cref="FindingSeverity.Info"/>, and
    /// <see cref="ReadinessReport.IsReady"/> is null while one of them could be an error.
    /// </summary>
    public FindingSeverity PossibleSeverity
    {
        get => _possibleSeverity ?? Severity;
        init => _possibleSeverity = value;
    }

    /// <summary>
    /// Gets the findings that this one explains, or that matter only after it is fixed. They are <see cref="FindingSeverity.Info"/>
    /// here, whatever their own severity is, so that one problem is counted once.
    /// </summary>
    public ValueList<Finding> Consequences { get; init; } = [];

    /// <summary>Returns the finding in the form that it has below the one that explains it.</summary>
    internal Finding AsConsequence() => this with { Severity = FindingSeverity.Info };

    /// <summary>Returns <c>severity: title [id]</c>.</summary>
    public override string ToString() => $"{Severity.ToString().ToLowerInvariant()}: {Title} [{Id}]";
}
