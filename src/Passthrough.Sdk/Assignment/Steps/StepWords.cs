namespace Passthrough.Sdk.Assignment.Steps;

/// <summary>The texts of a step.</summary>
/// <param name="Description">The description of what the step does.</param>
/// <param name="Undo">The description of how the step is undone.</param>
/// <param name="Command">The <c>virsh</c> command that does the same, without the program and the connection.</param>
internal sealed record StepWords(string Description, string Undo, string Command);
