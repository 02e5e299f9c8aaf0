namespace Passthrough.Sdk.Iommu.Firmware;

/// <summary>A range of ids of an IORT node and its target.</summary>
/// <param name="InputBase">The first id; for a root complex a requester id (bus, slot, function).</param>
/// <param name="Count">The number of ids.</param>
/// <param name="OutputBase">The id to which the first one is mapped; for an SMMU a stream id.</param>
/// <param name="Output">The <see cref="IortNode.Offset"/> of the node that receives them.</param>
/// <remarks>Thread safety: immutable.</remarks>
public sealed record IortMapping(uint InputBase, ulong Count, uint OutputBase, int Output);
