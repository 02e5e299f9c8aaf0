using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.Readiness.Rules;

/// <summary>Reports a virtual function whose physical function has its network interface down, also on the physical function itself.</summary>
internal sealed class DevicePhysicalFunctionDown : IReadinessRule
{
    private static readonly ValueList<string> Complaints = ["PF still in reset state", "PF still resetting", "PF is still in reset", "is not online"];

    /// <summary>Gets no descriptions: the finding is described with the errors that it causes.</summary>
    public ValueList<FindingDescription> Describes => [];

    public IEnumerable<Finding> Check(ReadinessContext context)
    {
        // A physical function stands for all of its virtual ones.
        var affected = context.Devices.SelectMany(device => device.PhysicalFunction is { } physical
            ? [(Physical: physical, Virtual: device.Address)]
            : device.VirtualFunctions.Select(function => (Physical: device.Address, Virtual: function)));
        foreach (var functions in affected.Distinct().GroupBy(pair => pair.Physical, pair => pair.Virtual))
        {
            var isAsked = context.Devices.Any(device => device.Address == functions.Key);
            var interfaces = context.System.Usage[functions.Key].NetworkInterfaces;
            if (!interfaces.IsKnown || interfaces.Value.IsEmpty || !interfaces.Value.All(net => net.IsEnabled is { IsKnown: true, Value: false }))
            {
                continue;
            }

            var names = string.Join(", ", interfaces.Value.Select(net => net.Name));
            yield return FindingFactory.Of(
                isAsked ? [functions.Key, .. functions] : [.. functions],
                FindingIds.DevicePhysicalFunctionDown,
                context.Devices.Any(device => device.PhysicalFunction == functions.Key) ? FindingSeverity.Error : FindingSeverity.Warning,
                $"the interface {names} of the physical function {functions.Key} is down, so its virtual functions {string.Join(", ", functions)} stay in reset",
                string.Join("; ", interfaces.Value.Select(net => $"ip link set {net.Name} up")) + ", and configure the host's network to do this at every boot",
                [
                    .. interfaces.Value.Select(net => new Evidence(net.IsEnabled.Source, "the interface is down")),
                    .. (context.System.Kernel.Log.Value?.Lines ?? [])
                        .Where(line => Complaints.Any(words => line.Contains(words, StringComparison.OrdinalIgnoreCase)))
                        .TakeLast(2)
                        .Select(line => new Evidence(context.System.Kernel.Log.Source, line)),
                ]);
        }
    }
}
