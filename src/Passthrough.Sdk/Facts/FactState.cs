namespace Passthrough.Sdk.Facts;

/// <summary>The states of a fact. Unknown does not mean "no".</summary>
public enum FactState
{
    /// <summary>The value is unknown: the source was not readable, or was not checked. The reason says which.</summary>
    Unknown = 0,

    /// <summary>The source was checked, and the thing does not exist.</summary>
    Absent = 1,

    /// <summary>The source was read, and the value is known.</summary>
    Known = 2,
}
