using Passthrough.Sdk.Pci;

namespace Passthrough.Sdk.Plans.Journal;

/// <summary>The part of a journal entry for a plan of virtual functions.</summary>
/// <param name="PhysicalFunction">The physical function.</param>
/// <param name="Before">The number of virtual functions before the plan.</param>
/// <param name="Count">The requested number.</param>
internal sealed record VirtualFunctionChange(PciAddress PhysicalFunction, int Before, int Count);
