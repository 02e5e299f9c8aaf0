using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Host.Usage;

namespace Passthrough.Sdk.Readiness.Rules;

/// <summary>Reports an interface of the device that is switched on, configured or watched but carries no connection.</summary>
internal sealed class DeviceNetworkIdle : IReadinessRule
{
    public ValueList<FindingDescription> Describes { get; } =
    [
        new()
        {
            Id = FindingIds.DeviceNetworkInterfaceUp,
            Severity = FindingSeverity.Warning,
            Title = "a network interface of the device is switched on but unused",
            Meaning =
                "Nothing is lost when the device is assigned. Most hosts switch every interface on and give it a link-local "
                + "address. The finding helps to notice a cable or an address that is missing only temporarily.",
            Detection =
                "The interface has the flag IFF_UP (/sys/class/net/NAME/flags), no address other than link-local ones, no route "
                + "other than those of the link, nothing on top of it, and no other use that device.holds-active-network-interface "
                + "checks for.",
            Remedy = "Nothing has to be done. To avoid the finding, switch the interface off.",
        },
        new()
        {
            Id = FindingIds.DeviceNetworkInterfaceConfigured,
            Severity = FindingSeverity.Warning,
            Title = "a network interface of the device is switched off but has addresses",
            Meaning =
                "An address of an interface that is switched off is not reachable, so no connection is lost. The addresses are "
                + "lost: the interface does not have them when the device returns to the host, unless the host's network "
                + "configuration sets them again.",
            Detection = "The interface lacks the flag IFF_UP and has addresses other than link-local ones (rtnetlink, or /proc/net).",
            Remedy = "Remove the addresses, or accept that they are lost.",
        },
        new()
        {
            Id = FindingIds.DeviceNetworkInterfaceWatched,
            Severity = FindingSeverity.Warning,
            Title = "a program that configures networks listens on an interface of the device",
            Meaning =
                "A DHCP client, an LLDP or 802.1X daemon or another program that configures or watches interfaces has a socket "
                + "that is bound to the interface. It loses only the interface, and may report an error when that disappears.",
            Detection =
                "Together with open handles: a packet socket bound to the interface (/proc/net/packet) for LLDP, 802.1X, ARP or "
                + "LACP frames, a socket of the client port of DHCP or DHCPv6 or of ICMPv6 bound to it (sock_diag), or any socket "
                + "of a program known to configure networks. Sockets of other programs are a use, which refuses the device.",
            Remedy = "End the program, or configure it to ignore the interface.",
        },
    ];

    public IEnumerable<Finding> Check(ReadinessContext context)
    {
        foreach (var address in context.Addresses)
        {
            var interfaces = context.System.Usage[address].NetworkInterfaces;
            foreach (var net in interfaces.IsKnown ? interfaces.Value : [])
            {
                foreach (var group in net.Uses.GroupBy(use => IdOf(use.Kind)).Where(group => group.Key is not null))
                {
                    yield return FindingFactory.Of(
                        [address],
                        group.Key!,
                        FindingSeverity.Warning,
                        $"the network interface {net.Name} on {address} is not in use, but {string.Join("; ", group)}",
                        Remedy(group.Key!, net, [.. group]),
                        [.. group.Select(use => new Evidence(use.Source, use.Description))]);
                }
            }
        }
    }

    private static string? IdOf(NetworkUseKind kind) => kind switch
    {
        NetworkUseKind.SwitchedOn => FindingIds.DeviceNetworkInterfaceUp,
        NetworkUseKind.ConfiguredWhileDown => FindingIds.DeviceNetworkInterfaceConfigured,
        NetworkUseKind.ConfigurationSocket => FindingIds.DeviceNetworkInterfaceWatched,
        _ => null,
    };

    private static string Remedy(string id, NetworkInterface net, ValueList<NetworkUse> uses) =>
        id == FindingIds.DeviceNetworkInterfaceUp ? $"nothing has to be done; to switch it off: {uses[0].Ending}"
        : id == FindingIds.DeviceNetworkInterfaceConfigured ? string.Join("; ", uses.Select(use => use.Ending))
        : $"end the program, or configure it to ignore {net.Name}";
}
