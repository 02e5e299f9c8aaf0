using Passthrough.Sdk.Pci;

namespace Passthrough.Sdk.Plans;

/// <summary>One step of a plan, as data: what is done to which device, how it is undone, and the command that does the same.</summary>
/// <param name="Number">The position in the plan, from 1.</param>
/// <param name="Kind">The kind of the step.</param>
/// <param name="Device">The device that the step changes; null if it changes a file or runs a command.</param>
/// <param name="Description">The description of what the step does.</param>
/// <param name="Undo">The description of how the step is undone if a later step fails.</param>
/// <param name="Command">The command that does the same by hand, for a shell. One that writes a file contains its whole content and has several lines.</param>
/// <remarks>Thread safety: immutable.</remarks>
public sealed record PlanStep(
    int Number,
    PlanStepKind Kind,
    PciAddress? Device,
    string Description,
    string Undo,
    string Command)
{
    /// <summary>Returns a text of the form <c>1. description</c>.</summary>
    public override string ToString() => $"{Number}. {Description}";
}
