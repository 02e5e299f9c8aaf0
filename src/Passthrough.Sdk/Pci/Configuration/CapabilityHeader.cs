namespace Passthrough.Sdk.Pci.Configuration;

/// <summary>The header of a capability in the chain, before it is decoded, and its function.</summary>
/// <param name="Registers">The space from the capability on.</param>
/// <param name="Id">Capability id.</param>
/// <param name="IsExtended">Whether it is of the extended chain.</param>
/// <param name="Version">Version of an extended capability.</param>
/// <param name="Function">The header of the function.</param>
/// <param name="Express">The function's PCI Express capability, where one came before in the chain.</param>
internal readonly record struct CapabilityHeader(
    PciRegisters Registers, int Id, bool IsExtended, int? Version, PciHeader Function, PciCapability? Express);
