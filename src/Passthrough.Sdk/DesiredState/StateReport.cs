using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Readiness;

namespace Passthrough.Sdk.DesiredState;

/// <summary>How a host differs from its desired state.</summary>
/// <param name="Findings">The differences; empty if there are none. Their ids begin with <c>state.</c>.</param>
/// <remarks>Thread safety: immutable.</remarks>
public sealed record StateReport(ValueList<Finding> Findings)
{
    /// <summary>
    /// Gets whether the host is as the state says: false if something differs, also if it only waits for a reboot; null if nothing is known to
    /// differ, but a fact is unknown.
    /// </summary>
    public bool? IsAsStated => Findings.Any(finding => !finding.IsUndetermined) ? false : Findings.IsEmpty ? true : null;

    /// <summary>Gets whether something differs that does not only wait for a reboot.</summary>
    public bool HasDrifted => Findings.Any(finding => !finding.IsUndetermined && finding.Id != FindingIds.StateAwaitsReboot);

    /// <summary>Gets the findings about what takes effect with the next boot.</summary>
    public ValueList<Finding> AwaitingReboot => [.. Findings.Where(finding => finding.Id == FindingIds.StateAwaitsReboot)];
}
