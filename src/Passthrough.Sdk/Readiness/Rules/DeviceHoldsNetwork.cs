using System.Collections.Immutable;
using Passthrough.Sdk.Host.Usage;

namespace Passthrough.Sdk.Readiness.Rules;

/// <summary>The host's network goes through the device: a default route, an address, a bridge or bond that it is a port of.</summary>
internal sealed class DeviceHoldsNetwork : IReadinessRule
{
    public ImmutableArray<FindingDescription> Describes { get; } =
    [
        new()
        {
            Id = FindingIds.DeviceHoldsActiveNetworkInterface,
            Severity = FindingSeverity.Error,
            Title = "the host's network goes through the device",
            Meaning =
                "The host loses that connection at the moment the device is given away: often the one that the operator works "
                + "through.",
            Detection =
                "The interfaces of the device in /sys/class/net: one with the default route (/proc/net/route, /proc/net/ipv6_route), "
                + "an address other than a link-local one, or a bridge, bond or team that it is a port of. Unknown where these cannot "
                + "be read.",
            Remedy = "Move the host's addresses, routes or bridge to another interface, or choose another device.",
        },
    ];

    public IEnumerable<Finding> Check(ReadinessContext context)
    {
        foreach (var address in context.Addresses)
        {
            var interfaces = context.System.Usage[address].NetworkInterfaces;
            if (interfaces.IsUnknown)
            {
                yield return FindingFactory.Undetermined(FindingIds.DeviceHoldsActiveNetworkInterface, $"whether the host's network goes through {address}", interfaces);
            }

            foreach (var net in interfaces.IsKnown ? interfaces.Value : [])
            {
                if (net.IsInUse.IsUnknown)
                {
                    yield return FindingFactory.Undetermined(FindingIds.DeviceHoldsActiveNetworkInterface, $"whether the host uses {net.Name} on {address}", net.IsInUse);
                }
                else if (net.IsInUse.Value)
                {
                    yield return FindingFactory.Of(
                        FindingIds.DeviceHoldsActiveNetworkInterface,
                        FindingSeverity.Error,
                        $"the host uses the network interface {net.Name} on {address}{Role(net)}; it would lose that connection",
                        $"move the host's addresses, routes or bridge to another interface, then ip link set {net.Name} down",
                        new Evidence(net.IsInUse.Source, net.Name),
                        new Evidence(net.Addresses.Source, net.Addresses.IsKnown ? string.Join(", ", net.Addresses.Value) : "unknown"));
                }
            }
        }
    }

    private static string Role(NetworkInterface net) =>
        net.HasDefaultRoute.Value ? ", which has the default route"
        : net.Master is { IsKnown: true, Value: { } master } ? $", which is a port of {master}"
        : "";
}
