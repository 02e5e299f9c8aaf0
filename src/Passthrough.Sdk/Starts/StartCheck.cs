using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Plans.Guards;
using Passthrough.Sdk.Readiness;

namespace Passthrough.Sdk.Starts;

/// <summary>The answer of the guards to the start of a domain: whether the host can lose the devices that the domain names.</summary>
/// <remarks>Thread safety: immutable.</remarks>
public sealed record StartCheck
{
    /// <summary>Gets the name of the domain, from its XML; empty if it has none.</summary>
    public required string Domain { get; init; }

    /// <summary>Gets the PCI functions of the host that the domain takes at its start; empty if it names none.</summary>
    public required ValueList<PciAddress> Devices { get; init; }

    /// <summary>Gets what the guards found about these devices, errors first.</summary>
    public required ValueList<Finding> Findings { get; init; }

    /// <summary>Gets the ids of the findings that are accepted for this domain, from its metadata (<see cref="Hostdev.Domains.AcceptedFindings"/>).</summary>
    public required ValueList<string> Accepted { get; init; }

    /// <summary>Gets the findings that refuse the start: errors, and guards that cannot be determined, unless they are accepted.</summary>
    public ValueList<Finding> Refusing => PlanGuards.Refusing(Findings, Accepted);

    /// <summary>Gets the findings that would refuse the start if they were not accepted.</summary>
    public ValueList<Finding> Overruled => [.. Findings.Where(finding => PlanGuards.IsAccepted(finding, Accepted))];

    /// <summary>Gets whether the domain must not start.</summary>
    public bool IsRefused => Findings.Any(finding => PlanGuards.Refuses(finding, Accepted));

    /// <summary>Returns the reasons in one line: each finding with its id and its remedy. If nothing refuses the start, this says so.</summary>
    public override string ToString() => IsRefused
        ? $"the domain {Domain} must not start: {PlanGuards.Describe(Refusing)}"
        : Devices.IsEmpty ? $"the domain {Domain} takes no device of the host"
        : $"the domain {Domain} can start with {string.Join(", ", Devices)}";
}
