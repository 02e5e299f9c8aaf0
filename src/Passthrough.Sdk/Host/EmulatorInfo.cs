using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.Host;

/// <summary>The programs that run guests, and the account under which libvirt starts them.</summary>
/// <remarks>Thread safety: immutable.</remarks>
public sealed record EmulatorInfo
{
    /// <summary>
    /// Gets QEMU's programs, by path. Known and empty if none is in the directories where distributions install it; it may still be in
    /// another place. Unknown if the files of the host have no /usr/bin.
    /// </summary>
    public Fact<ValueList<string>> Programs { get; init; }

    /// <summary>
    /// Gets the account under which libvirt's system daemon starts them; absent if the account does not exist, because libvirt is not installed. Sources:
    /// <c>user</c> and <c>group</c> of /etc/libvirt/qemu.conf, which ordinary users cannot read on most distributions; if they are not set,
    /// libvirt-qemu or qemu of /etc/passwd.
    /// </summary>
    public Fact<EmulatorAccount> Account { get; init; }

    /// <summary>
    /// Gets whether libvirt's system daemon makes that account the owner of what a domain uses, such as the node of a device's group.
    /// Source: <c>dynamic_ownership</c> of /etc/libvirt/qemu.conf; if it is not set, libvirt changes the owner.
    /// </summary>
    public Fact<bool> ChangesOwners { get; init; }
}
