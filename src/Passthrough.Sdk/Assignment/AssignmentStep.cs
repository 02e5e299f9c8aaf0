using Passthrough.Sdk.Pci;

namespace Passthrough.Sdk.Assignment;

/// <summary>One step of a plan, as data: what will be done to which device, how it is taken back, and the command that does the same.</summary>
/// <param name="Number">Place in the plan, from 1.</param>
/// <param name="Kind">What is done.</param>
/// <param name="Device">The device it is done to.</param>
/// <param name="Description">What is done, in words.</param>
/// <param name="Undo">How it is taken back if a later step fails, in words.</param>
/// <param name="Command">The <c>virsh</c> command that does the same.</param>
/// <remarks>Thread safety: immutable.</remarks>
public sealed record AssignmentStep(
    int Number,
    AssignmentStepKind Kind,
    PciAddress Device,
    string Description,
    string Undo,
    string Command)
{
    /// <summary><c>1. description</c>.</summary>
    public override string ToString() => $"{Number}. {Description}";
}
