namespace Passthrough.Sdk.Hostdev;

/// <summary>The device is taken from the host but not shown to the guest: <c>&lt;address type='unassigned'/&gt;</c> (libvirt 6.0.0, PCI host devices only).</summary>
/// <remarks>For the functions of a card whose group must be given whole. Thread safety: immutable.</remarks>
public sealed record UnassignedGuestAddress : GuestAddress
{
    /// <inheritdoc/>
    public override string Type => "unassigned";
}
