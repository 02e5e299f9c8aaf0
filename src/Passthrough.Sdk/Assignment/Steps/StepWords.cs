namespace Passthrough.Sdk.Assignment.Steps;

/// <summary>The texts of a step.</summary>
/// <param name="Description">What the step does.</param>
/// <param name="Undo">How it is undone.</param>
/// <param name="Command">The <c>virsh</c> command that does the same, without the program and the connection.</param>
internal sealed record StepWords(string Description, string Undo, string Command);
