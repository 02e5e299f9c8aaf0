using System.Collections.Immutable;
using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.Host;

/// <summary>The programs that run guests, and as whom libvirt starts them.</summary>
/// <remarks>Thread safety: immutable.</remarks>
public sealed record EmulatorInfo
{
    /// <summary>
    /// QEMU's programs, by path. Known and empty: none in the places where distributions put it, which does not rule out
    /// another place. Unknown where these files have no /usr/bin to look into.
    /// </summary>
    public Fact<ImmutableArray<string>> Programs { get; init; }

    /// <summary>
    /// As whom libvirt's system daemon starts them; absent where there is no such account, so that libvirt is not installed. Sources:
    /// <c>user</c> and <c>group</c> of /etc/libvirt/qemu.conf, which most distributions keep from ordinary users; where it says nothing
    /// libvirt-qemu or qemu of /etc/passwd.
    /// </summary>
    public Fact<EmulatorAccount> Account { get; init; }

    /// <summary>
    /// Whether libvirt's system daemon makes that account the owner of what a domain uses, such as the node of a device's group.
    /// Source: <c>dynamic_ownership</c> of /etc/libvirt/qemu.conf; where it says nothing libvirt does.
    /// </summary>
    public Fact<bool> ChangesOwners { get; init; }
}
