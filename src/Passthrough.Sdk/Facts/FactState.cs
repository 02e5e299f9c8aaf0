namespace Passthrough.Sdk.Facts;

/// <summary>What is known of a fact. Unknown is never "no".</summary>
public enum FactState
{
    /// <summary>Nobody could tell: the source was not readable, or was not looked at. The reason says which.</summary>
    Unknown = 0,

    /// <summary>The source was looked at, and the thing is not there.</summary>
    Absent = 1,

    /// <summary>The source was read, and this is what it says.</summary>
    Known = 2,
}
