namespace Passthrough.Sdk.Host.Usage;

/// <summary>An IP address of a network interface.</summary>
/// <param name="Interface">The interface that has it: the device's own, or one that is built on it (a bridge, a bond, a VLAN).</param>
/// <param name="Address">The address as it is written.</param>
/// <param name="PrefixLength">Bits of its network.</param>
/// <remarks>Thread safety: immutable.</remarks>
public sealed record InterfaceAddress(string Interface, string Address, int PrefixLength)
{
    /// <summary>Whether it reaches no farther than the link, as every IPv6 interface has one.</summary>
    public bool IsLinkLocal => Address.StartsWith("fe80:", StringComparison.Ordinal) || Address.StartsWith("169.254.", StringComparison.Ordinal);

    /// <summary><c>192.0.2.7/24 on br0</c>.</summary>
    public override string ToString() => $"{Address}/{PrefixLength} on {Interface}";
}
