namespace Passthrough.Sdk.Plans.Saved;

/// <summary>One part of a plan for a desired state.</summary>
/// <param name="Kind">The kind of plan.</param>
/// <param name="Purpose">Its purpose.</param>
/// <param name="Steps">The number of its steps.</param>
internal sealed record PlanDocumentPart(PlanKind Kind, string Purpose, int Steps);
