namespace Passthrough.Sdk.Readiness;

/// <summary>The severity of a finding.</summary>
public enum FindingSeverity
{
    /// <summary>Information: nothing is wrong, or the result is undetermined.</summary>
    Info = 0,

    /// <summary>Passthrough works, but with a cost or a risk that the operator should know.</summary>
    Warning = 1,

    /// <summary>Passthrough cannot work, or would do harm, until this is fixed.</summary>
    Error = 2,
}
