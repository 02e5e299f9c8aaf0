using System.Collections.Immutable;

namespace Passthrough.Sdk.Readiness;

/// <summary>One rule: facts in, findings out. A rule reads no file, keeps nothing, and gives the same answer for the same facts.</summary>
internal interface IReadinessRule
{
    /// <summary>What its findings mean, whichever host they are found on: one description an id that the rule makes.</summary>
    ImmutableArray<FindingDescription> Describes { get; }

    /// <summary>The ids of findings that, when they are there, explain this rule's: they are then folded under them.</summary>
    ImmutableArray<string> ExplainedBy => [];

    /// <summary>What is wrong, by the facts; what the rule could not tell, as an undetermined finding; nothing when all is well.</summary>
    IEnumerable<Finding> Check(ReadinessContext context);
}
