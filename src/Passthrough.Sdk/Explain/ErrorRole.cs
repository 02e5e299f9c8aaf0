namespace Passthrough.Sdk.Explain;

/// <summary>What a message says of the cause.</summary>
internal enum ErrorRole
{
    /// <summary>It names a cause, or several that can be behind it.</summary>
    Cause = 0,

    /// <summary>It only says that something failed; why stands within, behind or in a log.</summary>
    Container = 1,

    /// <summary>Advice or a remark that goes with other messages; it counts when there is nothing better.</summary>
    Hint = 2,
}
