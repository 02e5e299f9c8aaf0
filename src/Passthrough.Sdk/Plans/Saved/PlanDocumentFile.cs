namespace Passthrough.Sdk.Plans.Saved;

/// <summary>A file that a saved plan changes.</summary>
/// <param name="Path">The path of the file on the host.</param>
/// <param name="Diff">The difference, as a unified diff.</param>
internal sealed record PlanDocumentFile(string Path, string Diff);
