using Passthrough.Sdk.Assignment;
using Passthrough.Sdk.Assignment.Together;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Host;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Plans;
using Passthrough.Sdk.Readiness;

namespace Passthrough.Sdk;

/// <content>Plans for several domains.</content>
public sealed partial class PassthroughHost
{
    /// <inheritdoc/>
    public CombinedPlan PlanTogether(IEnumerable<DomainRequest> requests, PlanOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(requests);
        RequireLocal("a plan");
        ValueList<DomainRequest> all = [.. requests];
        CombinedGuards.Check(all);
        options = Checked(options);
        ValueList<AssignmentPlan> parts = [.. all.Select(request => request.Assignment is { } assignment ? Plan(assignment, request.Domain, options) : PlanRelease(request.Release!, request.Domain, options))];
        CombinedGuards.Check(parts);
        ValueList<Finding> known = [.. parts.SelectMany(part => part.Findings).Distinct()];
        ValueList<AssignmentPlan> assigned = [.. parts.Where(part => part.Kind == PlanKind.Assign)];
        ValueList<PciAddress> devices = [.. assigned.SelectMany(part => part.Devices)];
        var kind = LibvirtDeadline.Run(options, all[0].Domain, () => GuestKindOf(all[0].Domain)); // later, this domain may be gone, and the others not
        var executor = new CombinedExecutor(AskTogether, options, _time, LoggerOf(options));
        return new(parts[0].Connection, parts, [.. known, .. AskTogether()], executor) { Origin = OriginOf([.. parts.SelectMany(part => part.Devices)], options) };

        // One assignment alone has no others, and was asked for itself.
        ValueList<Finding> AskTogether() => assigned.Count < 2
            ? []
            : CombinedGuards.Find(
                new ReadinessContext(Capture(new CaptureOptions { DetailsOf = devices, Isolation = true }), kind) { Addresses = devices }, assigned, known);
    }
}
