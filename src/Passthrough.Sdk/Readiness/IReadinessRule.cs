using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.Readiness;

/// <summary>A rule that derives findings from facts. A rule reads no file, keeps no state, and returns the same result for the
/// same facts.</summary>
internal interface IReadinessRule
{
    /// <summary>Gets the descriptions of its findings, independent of a host: one for each id.</summary>
    ValueList<FindingDescription> Describes { get; }

    /// <summary>Gets the ids of findings that explain those of this rule: if they exist, its findings are listed below them.</summary>
    ValueList<string> ExplainedBy => [];

    /// <summary>Returns what is wrong according to the facts, undetermined findings for what the facts do not decide, or nothing.</summary>
    IEnumerable<Finding> Check(ReadinessContext context);
}
