namespace Passthrough.Sdk.Assignment.Steps;

/// <summary>A step in words.</summary>
/// <param name="Description">What is done.</param>
/// <param name="Undo">How it is undone.</param>
/// <param name="Command">The <c>virsh</c> command that does the same, without the program and the connection.</param>
internal sealed record StepWords(string Description, string Undo, string Command);
