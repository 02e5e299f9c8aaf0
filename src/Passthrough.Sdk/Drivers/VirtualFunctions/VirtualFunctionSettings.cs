using Passthrough.Sdk.Host.Usage;

namespace Passthrough.Sdk.Drivers;

/// <summary>The settings to make for one virtual function. A value that is null is left unchanged.</summary>
/// <remarks>They correspond to <c>ip link set DEVICE vf INDEX mac|vlan|trust|spoofchk</c>. Thread safety: immutable.</remarks>
public sealed record VirtualFunctionSettings
{
    /// <summary>Gets the index of the virtual function among those of its physical function, from 0.</summary>
    public required int Index { get; init; }

    /// <summary>
    /// Gets the MAC address, <c>52:54:00:12:34:56</c>. All zeros remove an address, so that the driver of the virtual function
    /// chooses one. Most drivers use a new address only when the driver of the virtual function is bound again.
    /// </summary>
    public string? MacAddress { get; init; }

    /// <summary>Gets the VLAN; <see cref="VlanTag.None"/> removes it.</summary>
    public VlanTag? Vlan { get; init; }

    /// <summary>Gets whether the virtual function may do what affects others, such as receiving all packets or changing its MAC address.</summary>
    public bool? IsTrusted { get; init; }

    /// <summary>Gets whether the card drops packets that the virtual function sends with a MAC address other than its own.</summary>
    public bool? ChecksSpoofing { get; init; }
}
