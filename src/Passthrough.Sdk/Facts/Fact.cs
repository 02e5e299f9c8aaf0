namespace Passthrough.Sdk.Facts;

/// <summary>Creates facts, for example for a fake or a remote host.</summary>
public static class Fact
{
    /// <summary>Creates a fact that was read.</summary>
    /// <param name="value">The value that was read.</param>
    /// <param name="source">The source from which the value was read.</param>
    public static Fact<T> Known<T>(T value, string source) => new(FactState.Known, value, source, null);

    /// <summary>Creates a fact whose source was checked and does not exist.</summary>
    /// <param name="source">The source that was checked.</param>
    public static Fact<T> Absent<T>(string source) => new(FactState.Absent, default, source, null);

    /// <summary>Creates a fact that could not be read.</summary>
    /// <param name="source">The source that could not be read.</param>
    /// <param name="reason">The reason, in a few words.</param>
    public static Fact<T> Unknown<T>(string source, string reason) => new(FactState.Unknown, default, source, reason);
}
