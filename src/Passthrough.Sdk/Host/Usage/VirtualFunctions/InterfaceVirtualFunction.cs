namespace Passthrough.Sdk.Host.Usage;

/// <summary>The settings that the driver of a physical function keeps for one virtual function.</summary>
/// <remarks>
/// They belong to the physical function, so a guest that owns the virtual function cannot change them. They are lost when the virtual
/// function is removed. A value is null if the driver does not report it. Source: <c>ip link show</c> (rtnetlink, IFLA_VFINFO_LIST of
/// linux/if_link.h). Thread safety: immutable.
/// </remarks>
public sealed record InterfaceVirtualFunction
{
    /// <summary>Gets its index among the virtual functions of its physical function, from 0.</summary>
    public required int Index { get; init; }

    /// <summary>
    /// Gets its MAC address, <c>52:54:00:12:34:56</c>; all zeros if none is set, so that its driver chooses one. Null if the interface is not
    /// an Ethernet interface, and for a captured host, which contains no hardware addresses.
    /// </summary>
    public string? MacAddress { get; init; }

    /// <summary>Gets its VLAN; <see cref="VlanTag.None"/> if it has none.</summary>
    public VlanTag? Vlan { get; init; }

    /// <summary>Gets whether it may do what affects others, such as receiving all packets or changing its MAC address.</summary>
    public bool? IsTrusted { get; init; }

    /// <summary>Gets whether the card drops packets that it sends with a MAC address other than its own.</summary>
    public bool? ChecksSpoofing { get; init; }

    /// <summary>Gets the link state that it sees.</summary>
    public VirtualFunctionLinkState? LinkState { get; init; }

    /// <summary>Gets the transmit rate that is guaranteed to it in Mbit/s; 0 for none.</summary>
    public int? MinimumTransmitRate { get; init; }

    /// <summary>Gets its highest transmit rate in Mbit/s; 0 for no limit.</summary>
    public int? MaximumTransmitRate { get; init; }
}
