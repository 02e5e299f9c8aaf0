using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Plans;

namespace Passthrough.Sdk.Assignment.Together;

/// <summary>One domain of a plan for several domains that is being applied.</summary>
/// <param name="Work">The work for the domain.</param>
/// <param name="Steps">Its steps, with their numbers in the whole plan.</param>
internal sealed record CombinedPart(AssignmentWork Work, ValueList<PlanStep> Steps);
