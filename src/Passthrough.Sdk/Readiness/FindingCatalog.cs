using System.Collections.Frozen;
using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.Readiness;

/// <summary>Describes every finding independently of a host. The pages under docs/findings are generated from it.</summary>
/// <remarks>Thread safety: all members can be called concurrently.</remarks>
public static class FindingCatalog
{
    private static readonly FrozenDictionary<string, FindingDescription> ById;

    static FindingCatalog()
    {
        All =
        [
            .. ReadinessRules.OfTheHost.Concat(ReadinessRules.OfDevices).Concat(ReadinessRules.OfDevicesOnTheHost)
                .Concat(ReadinessRules.OfReleasedDevices).Concat(ReadinessRules.OfLeavingFunctions).Concat(ReadinessRules.OfReturningFunctions).Concat(ReadinessRules.OfRuleFiles).SelectMany(rule => rule.Describes),
            .. ExplainedFindings.All,
            .. PlanFindings.All,
            .. StateFindings.All,
        ];
        ById = All.ToFrozenDictionary(description => description.Id, StringComparer.Ordinal);
    }

    /// <summary>Gets all descriptions: those of the host, of devices and their groups, and of domains, in each part the root
    /// causes first.</summary>
    public static ValueList<FindingDescription> All { get; }

    /// <summary>Returns the description of a finding, or null if the id does not exist.</summary>
    /// <param name="id">A finding's <see cref="Finding.Id"/>, one of <see cref="FindingIds"/>.</param>
    /// <exception cref="ArgumentNullException"><paramref name="id"/> is null.</exception>
    public static FindingDescription? Find(string id)
    {
        ArgumentNullException.ThrowIfNull(id);
        return ById.GetValueOrDefault(id);
    }
}
