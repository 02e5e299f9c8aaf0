using System.Globalization;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Host.Usage;
using Passthrough.Sdk.Pci;

namespace Passthrough.Sdk.Readiness.Rules;

/// <summary>Reports a device that carries network traffic of the host, of another guest or of a container.</summary>
internal sealed class DeviceHoldsNetwork : IReadinessRule
{
    private const byte Ethernet = 0x00;

    // With these, a program outside the kernel drives the device, and the kernel has no interface for it.
    private static readonly string[] WithoutInterface = ["uio_pci_generic", "igb_uio", "pci-stub"];

    public ValueList<FindingDescription> Describes { get; } =
    [
        new()
        {
            Id = FindingIds.DeviceHoldsActiveNetworkInterface,
            Severity = FindingSeverity.Error,
            Title = "a network of the host uses the device",
            Meaning =
                "Everything that uses the interface loses its connection when the device is assigned: often the operator, another "
                + "guest behind a bridge or a macvtap, or a container. libvirt does not check this: it takes the device from its "
                + "driver, and everything on top of the interface disappears with it.",
            Detection =
                "The kernel reports over rtnetlink the interfaces of the device and everything on top of them, in every network "
                + "namespace: ports of bridges, bonds, teams, VRFs and Open vSwitch, VLANs, macvlans, macvtaps, ipvlans, tunnels, "
                + "PPPoE sessions; addresses other than link-local ones; routes of all routing tables other than those of the link; "
                + "routing rules that name an interface; XDP programs and filters of tc. Together with open handles, also the "
                + "sockets bound to an interface (/proc/net/packet, sock_diag), the connections over it, and the SSH connection of "
                + "the session. An interface that is only switched on is not in use. For a host that consists of files, "
                + "/sys/class/net and /proc/net are read, which contain only the main routing table. Unknown if a namespace cannot "
                + "be read, or if a network driver has the device but no namespace shows its interface.",
            Remedy = "End the use with the command that the finding names, or choose another device.",
        },
    ];

    public IEnumerable<Finding> Check(ReadinessContext context)
    {
        foreach (var address in context.Reached)
        {
            var interfaces = context.System.Usage[address].NetworkInterfaces;
            if (interfaces.IsUnknown)
            {
                yield return FindingFactory.Undetermined([address], FindingIds.DeviceHoldsActiveNetworkInterface, $"whether a network uses {address}", interfaces);
            }
            else if (interfaces.Value.IsEmpty && LacksItsInterface(context, address))
            {
                var others = context.System.Usage.NetworkNamespaces;
                yield return FindingFactory.Undetermined(
                    [address],
                    FindingIds.DeviceHoldsActiveNetworkInterface,
                    $"which network namespace has the interface of {address}",
                    others.IsUnknown ? others : Fact.Unknown<int>("/proc/*/ns/net", "a network driver has the device, but no network namespace shows its interface"));
            }

            foreach (var net in interfaces.IsKnown ? interfaces.Value : [])
            {
                if (net.IsInUse.IsUnknown)
                {
                    yield return FindingFactory.Undetermined([address], FindingIds.DeviceHoldsActiveNetworkInterface, $"whether {net.Name} on {address} is in use", net.IsInUse);
                }
                else if (net.IsInUse.Value)
                {
                    yield return Refusal(net, address);
                }
            }
        }
    }

    private static Finding Refusal(NetworkInterface net, PciAddress address)
    {
        ValueList<NetworkUse> held = [.. net.Uses.Where(use => use.IsHeld)];
        var more = held.Count > 1 ? string.Create(CultureInfo.InvariantCulture, $", and {held.Count - 1} more") : "";
        return FindingFactory.Of(
            [address],
            FindingIds.DeviceHoldsActiveNetworkInterface,
            FindingSeverity.Error,
            $"the network interface {net.Name} on {address} is in use: {(held.IsEmpty ? net.IsInUse.Source : held[0].Description.TrimEnd(','))}{more}",
            $"{Remedy(held)}; or choose another device",
            [.. held.Select(use => new Evidence(use.Source, use.Description.TrimEnd(','))), .. held.IsEmpty ? [net.IsInUse.ToEvidence()] : ValueList.Create<Evidence>()]);
    }

    private static string Remedy(ValueList<NetworkUse> held)
    {
        if (held.IsEmpty)
        {
            return "end the use";
        }

        // A router announces its routes again as long as the interface is on.
        var learned = held.Where(use => use.Kind is NetworkUseKind.LearnedAddress or NetworkUseKind.LearnedRoute).ToList();
        var remedies = held.Except(learned).Select(Words).Concat(learned.Take(1).Select(use => $"ip link set {use.Interface} down").Select(command =>
            learned[0].Namespace is { } space ? $"{space.Enter} {command}" : command));
        return string.Join("; ", remedies.Distinct(StringComparer.Ordinal));
    }

    private static string Words(NetworkUse use) => use.Kind switch
    {
        NetworkUseKind.ThisSession => "log in through another interface or on the console",
        NetworkUseKind.Storage => $"unmount the file systems and disconnect the disks that come over {use.Interface}",
        NetworkUseKind.DefaultRoute => $"give the host another default route, then {use.Ending}",
        NetworkUseKind.Upper => $"move the user of {use.Interface} (a guest, a container, the host itself) to another interface, then {use.Ending}",
        NetworkUseKind.Tunnel when use.Ending is null => "end the PPPoE session (poff)",
        NetworkUseKind.PacketProgram when use.Ending is null => "remove the filters of tc on the other interfaces (tc filter del)",
        NetworkUseKind.Connection => "end the connections",
        NetworkUseKind.Socket => "end the program that has the socket",
        _ => use.Ending ?? "end the use",
    };

    // Either the interface was moved away or the driver created none: these cases look the same from outside.
    private static bool LacksItsInterface(ReadinessContext context, PciAddress address) =>
        context.Snapshot.Devices.TryGet(address, out var device)
        && device.ClassCode is { IsNetwork: true, Subclass: Ethernet }
        && device.Driver is { } driver && !HostDrivers.IsForGuests(driver) && !WithoutInterface.Contains(driver)
        && !(context.System.Usage.NetworkNamespaces is { IsUnknown: true, Source: "" });
}
