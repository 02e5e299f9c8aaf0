namespace Passthrough.Sdk.Hostdev;

/// <summary>An address for a device that is taken from the host but not visible in the guest: <c>&lt;address type='unassigned'/&gt;</c> (libvirt 6.0.0, PCI host devices only).</summary>
/// <remarks>It is for functions of a card whose group must be assigned as a whole. Thread safety: immutable.</remarks>
public sealed record UnassignedGuestAddress : GuestAddress
{
    /// <inheritdoc/>
    public override string Type => "unassigned";
}
