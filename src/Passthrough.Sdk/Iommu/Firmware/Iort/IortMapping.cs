namespace Passthrough.Sdk.Iommu.Firmware;

/// <summary>A range of ids of an IORT node and where it goes.</summary>
/// <param name="InputBase">The first id; for a root complex a requester id (bus, slot, function).</param>
/// <param name="Count">How many ids.</param>
/// <param name="OutputBase">The id that the first becomes; for an SMMU a stream id.</param>
/// <param name="Output">The <see cref="IortNode.Offset"/> of the node that takes them.</param>
/// <remarks>Thread safety: immutable.</remarks>
public sealed record IortMapping(uint InputBase, ulong Count, uint OutputBase, int Output);
