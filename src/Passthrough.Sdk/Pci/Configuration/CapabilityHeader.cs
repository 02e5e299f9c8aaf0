namespace Passthrough.Sdk.Pci.Configuration;

/// <summary>The header of a capability in the chain, before it is decoded, and its function.</summary>
/// <param name="Registers">The configuration space, from the beginning of the capability.</param>
/// <param name="Id">The id of the capability.</param>
/// <param name="IsExtended">Whether the capability is in the extended chain.</param>
/// <param name="Version">The version of an extended capability.</param>
/// <param name="Function">The header of the function.</param>
/// <param name="Express">The function's PCI Express capability; null if none precedes this one in the chain.</param>
internal readonly record struct CapabilityHeader(
    PciRegisters Registers, int Id, bool IsExtended, int? Version, PciHeader Function, PciCapability? Express);
