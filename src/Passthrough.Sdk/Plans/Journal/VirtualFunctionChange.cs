using Passthrough.Sdk.Pci;

namespace Passthrough.Sdk.Plans.Journal;

/// <summary>What the journal keeps of a plan for virtual functions.</summary>
/// <param name="PhysicalFunction">The physical function.</param>
/// <param name="Before">How many virtual functions it had.</param>
/// <param name="Count">How many it is to have.</param>
internal sealed record VirtualFunctionChange(PciAddress PhysicalFunction, int Before, int Count);
