namespace Passthrough.Sdk.Facts;

/// <summary>Makes facts; a fake or a remote host is built from these.</summary>
public static class Fact
{
    /// <summary>A fact that was read.</summary>
    /// <param name="value">What the source says.</param>
    /// <param name="source">Where it was read.</param>
    public static Fact<T> Known<T>(T value, string source) => new(FactState.Known, value, source, null);

    /// <summary>A source that was looked at and is not there.</summary>
    /// <param name="source">Where it was looked for.</param>
    public static Fact<T> Absent<T>(string source) => new(FactState.Absent, default, source, null);

    /// <summary>A fact that could not be read.</summary>
    /// <param name="source">Where it would have been read.</param>
    /// <param name="reason">Why it was not, in a few words.</param>
    public static Fact<T> Unknown<T>(string source, string reason) => new(FactState.Unknown, default, source, reason);
}
