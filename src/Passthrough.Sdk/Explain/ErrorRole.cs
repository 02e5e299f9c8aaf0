namespace Passthrough.Sdk.Explain;

/// <summary>The roles of a message in finding the cause.</summary>
internal enum ErrorRole
{
    /// <summary>It names a cause, or has several possible causes.</summary>
    Cause = 0,

    /// <summary>It only says that something failed; the cause is inside it, after it or in a log.</summary>
    Container = 1,

    /// <summary>A hint or a note that accompanies other messages; it counts if there is nothing better.</summary>
    Hint = 2,
}
