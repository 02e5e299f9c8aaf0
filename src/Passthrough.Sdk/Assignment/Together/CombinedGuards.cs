using System.Globalization;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Plans.Guards;
using Passthrough.Sdk.Readiness;
using Passthrough.Sdk.Readiness.Rules;

namespace Passthrough.Sdk.Assignment.Together;

/// <summary>The guards that only the domains of a plan together show: each part alone leaves the host what another part takes.</summary>
internal static class CombinedGuards
{
    /// <summary>Refuses requests that contradict each other.</summary>
    /// <exception cref="ArgumentException">There is no request, one is null, or the domains belong to different hypervisors.</exception>
    /// <exception cref="AssignmentException">A domain is named twice.</exception>
    public static void Check(ValueList<DomainRequest> requests)
    {
        if (requests.IsEmpty)
        {
            throw new ArgumentException("no domain is named; add a request for each domain", nameof(requests));
        }

        if (requests.Any(request => request is null))
        {
            throw new ArgumentException("a request is null; add a request for each domain", nameof(requests));
        }

        if (requests.FirstOrDefault(request => request.Domain.Connection.Uri != requests[0].Domain.Connection.Uri) is { } other)
        {
            throw new ArgumentException(
                $"{requests[0].Domain.Name} belongs to {requests[0].Domain.Connection.Uri} and {other.Domain.Name} to {other.Domain.Connection.Uri}, but one plan uses one connection; make a plan for each",
                nameof(requests));
        }

        if (requests.GroupBy(request => request.Domain.Uuid).FirstOrDefault(same => same.Count() > 1) is { } twice)
        {
            var name = twice.First().Domain.Name;
            throw new AssignmentException(name, $"{name} is named twice in one plan; name all its devices in one request, and make separate plans to assign and to release");
        }
    }

    /// <summary>Refuses parts that change the same device.</summary>
    /// <exception cref="AssignmentException">Two parts change the same device.</exception>
    public static void Check(ValueList<AssignmentPlan> parts)
    {
        var same = parts.SelectMany(part => part.Devices.Select(device => (Device: device, part.Domain)))
            .GroupBy(use => use.Device).FirstOrDefault(uses => uses.Count() > 1);
        if (same is not null)
        {
            var domains = same.Select(use => use.Domain).ToList();
            throw new AssignmentException(
                domains[1], $"{same.Key} is requested for {domains[0]} and for {domains[1]}, but only one plan can change it; to move a device, release it first, then make a plan to assign it");
        }
    }

    /// <summary>Returns what the parts together show, beside what each of them shows.</summary>
    /// <param name="context">The host with all devices that are assigned.</param>
    /// <param name="assigned">The parts that assign devices.</param>
    /// <param name="known">The findings of the parts.</param>
    public static ValueList<Finding> Find(ReadinessContext context, ValueList<AssignmentPlan> assigned, ValueList<Finding> known) =>
    [
        .. SharedGroups(context, assigned),
        .. ReadinessEngine.Run(ReadinessRules.OfSeveralDomains, context)
            .Where(finding => PlanGuards.Speaks(finding) && !known.Any(other => other.Id == finding.Id && PlanGuards.Speaks(other) && finding.Devices.All(other.Devices.Contains))),
    ];

    private static IEnumerable<Finding> SharedGroups(ReadinessContext context, ValueList<AssignmentPlan> assigned)
    {
        foreach (var group in context.Snapshot.IommuGroups)
        {
            var owners = assigned
                .Select(part => (part.Domain, Devices: part.Devices.Where(group.Devices.Contains).ToValueList(), IsLive: part.WasRunning && part.Scope != AssignmentScope.Definition))
                .Where(part => !part.Devices.IsEmpty)
                .ToList();
            if (owners.Count > 1)
            {
                // Definitions may share a group as long as their domains do not run at the same time.
                var (id, isLive) = (group.Id.ToString(CultureInfo.InvariantCulture), owners.Exists(owner => owner.IsLive));
                yield return FindingFactory.Of(
                    [.. owners.SelectMany(owner => owner.Devices)],
                    FindingIds.GroupInUseByDomain,
                    isLive ? FindingSeverity.Error : FindingSeverity.Warning,
                    $"the plan gives devices of IOMMU group {id} to {string.Join(" and ", owners.Select(owner => $"{owner.Domain} ({string.Join(", ", owner.Devices)})"))}, but only one guest can use a group at a time",
                    $"{(isLive ? "" : "nothing has to be done if the domains do not run at the same time; otherwise ")}assign all members of the group to the same domain, or move the card to {GroupCause.BetterSlot(context.Snapshot)}",
                    new Evidence($"/sys/kernel/iommu_groups/{id}/devices", string.Join(" ", group.Devices)));
            }
        }
    }
}
