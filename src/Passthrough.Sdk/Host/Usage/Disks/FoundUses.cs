using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.Host.Usage.Disks;

/// <summary>Uses that were found on a host.</summary>
/// <param name="Uses">The uses.</param>
/// <param name="Missing">The description of what could not be read, with the reason; empty if everything could be read.</param>
internal sealed record FoundUses(ValueList<BlockUse> Uses, string Missing);
