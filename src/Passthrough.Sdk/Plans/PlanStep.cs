
using Passthrough.Sdk.Pci;

namespace Passthrough.Sdk.Plans;

/// <summary>One step of a plan, as data: what will be done to which device, how it is taken back, and the command that does the same.</summary>
/// <param name="Number">Place in the plan, from 1.</param>
/// <param name="Kind">What is done.</param>
/// <param name="Device">The device it is done to; null where it is about no device, but about a file or a command.</param>
/// <param name="Description">What is done, in words.</param>
/// <param name="Undo">How it is taken back if a later step fails, in words.</param>
/// <param name="Command">The command that does the same by hand: of <c>virsh</c>, or of a shell.</param>
/// <remarks>Thread safety: immutable.</remarks>
public sealed record PlanStep(
    int Number,
    PlanStepKind Kind,
    PciAddress? Device,
    string Description,
    string Undo,
    string Command)
{
    /// <summary><c>1. description</c>.</summary>
    public override string ToString() => $"{Number}. {Description}";
}
