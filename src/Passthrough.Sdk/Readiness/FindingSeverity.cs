namespace Passthrough.Sdk.Readiness;

/// <summary>How much a finding matters.</summary>
public enum FindingSeverity
{
    /// <summary>Good to know; nothing is wrong, or nobody could tell.</summary>
    Info = 0,

    /// <summary>It works, at a cost or a risk that the operator should know.</summary>
    Warning = 1,

    /// <summary>It cannot work, or would do harm, until this is mended.</summary>
    Error = 2,
}
