namespace Passthrough.Sdk.Host.Usage;

/// <summary>An IP address of a network interface.</summary>
/// <param name="Interface">The interface that has it: the device's own, or one that is built on it (a bridge, a bond, a VLAN).</param>
/// <param name="Address">The address as text.</param>
/// <param name="PrefixLength">The length of the network prefix in bits.</param>
/// <remarks>Thread safety: immutable.</remarks>
public sealed record InterfaceAddress(string Interface, string Address, int PrefixLength)
{
    /// <summary>Gets whether it is a link-local address, which every IPv6 interface has.</summary>
    public bool IsLinkLocal => Address.StartsWith("fe80:", StringComparison.Ordinal) || Address.StartsWith("169.254.", StringComparison.Ordinal);

    /// <summary>Returns a text such as <c>192.0.2.7/24 on br0</c>.</summary>
    public override string ToString() => $"{Address}/{PrefixLength} on {Interface}";
}
