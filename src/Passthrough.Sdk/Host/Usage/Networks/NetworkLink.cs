using System.Net;
using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.Host.Usage.Networks;

/// <summary>A network interface as the kernel lists it.</summary>
/// <param name="Index">Its number in its namespace.</param>
/// <param name="Name">Its name.</param>
internal sealed record NetworkLink(int Index, string Name)
{
    /// <summary><c>vlan</c>, <c>bridge</c>, <c>macvtap</c>, ...; null for a device's own, and where nobody says.</summary>
    public string? Kind { get; init; }

    /// <summary>Whether it is switched on.</summary>
    public bool IsUp { get; init; }

    /// <summary>The number of the interface that it is a port of; 0 for none.</summary>
    public int Master { get; init; }

    /// <summary>The number of the interface below; 0 for none.</summary>
    public int Lower { get; init; }

    /// <summary>The number that its namespace has for the one of the interface below; null where both are in the same.</summary>
    public int? LowerNumber { get; init; }

    /// <summary>The namespace of the interface below by its id; null where both are in the same, or where it is unknown.</summary>
    public ulong? LowerNamespace { get; init; }

    /// <summary>The device that provides it, as <c>/sys/bus/BUS/devices/NAME</c>; null for none, and on kernels before 5.14.</summary>
    public string? Parent { get; init; }

    /// <summary>Whether an XDP program is attached.</summary>
    public bool HasXdp { get; init; }

    /// <summary>The queueing disciplines that filter what comes in: <c>ingress</c>, <c>clsact</c>.</summary>
    public ValueList<string> Filters { get; init; } = [];

    /// <summary>The host's own address at which a tunnel ends; null if it is no tunnel, or has no fixed one.</summary>
    public IPAddress? TunnelEnd { get; init; }

    /// <summary>The settings of its virtual functions; absent if its device cannot have any.</summary>
    public Fact<ValueList<InterfaceVirtualFunction>> VirtualFunctions { get; init; } =
        Fact.Unknown<ValueList<InterfaceVirtualFunction>>("ip link show", "these files do not describe it");

    /// <summary>Whether <see cref="Lower"/> is what it stands on; of a pair it is the other one.</summary>
    public bool IsStacked => Lower != 0 && Kind is not ("veth" or "netkit" or "vxcan") && (Lower != Index || LowerNumber is not null);
}
