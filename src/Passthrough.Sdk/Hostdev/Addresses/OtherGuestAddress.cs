namespace Passthrough.Sdk.Hostdev;

/// <summary>An address of a kind that host devices do not have (isa, dimm, spapr-vio, ...), kept as <see cref="GuestAddress.Unknown"/>.</summary>
/// <remarks>Instances are created only by reading XML. Thread safety: immutable.</remarks>
public sealed record OtherGuestAddress : GuestAddress
{
    internal OtherGuestAddress(string type) => Type = type;

    /// <inheritdoc/>
    public override string Type { get; }
}
