using System.Collections.Frozen;
using System.Collections.Immutable;

namespace Passthrough.Sdk.Readiness;

/// <summary>What every finding means, whichever host it is found on. The pages under docs/findings are made of it.</summary>
/// <remarks>Thread safety: all members may be called at once.</remarks>
public static class FindingCatalog
{
    private static readonly FrozenDictionary<string, FindingDescription> ById;

    static FindingCatalog()
    {
        All =
        [
            .. ReadinessRules.OfTheHost.Concat(ReadinessRules.OfDevices).Concat(ReadinessRules.OfDevicesOnTheHost).SelectMany(rule => rule.Describes),
            .. ExplainedFindings.All,
        ];
        ById = All.ToFrozenDictionary(description => description.Id, StringComparer.Ordinal);
    }

    /// <summary>All descriptions: those of the host, of devices and their groups, of domains; within each the root causes first.</summary>
    public static ImmutableArray<FindingDescription> All { get; }

    /// <summary>The description of a finding; null where there is no such id.</summary>
    /// <param name="id">A finding's <see cref="Finding.Id"/>, one of <see cref="FindingIds"/>.</param>
    /// <exception cref="ArgumentNullException"><paramref name="id"/> is null.</exception>
    public static FindingDescription? Find(string id)
    {
        ArgumentNullException.ThrowIfNull(id);
        return ById.GetValueOrDefault(id);
    }
}
