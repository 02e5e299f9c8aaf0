namespace Passthrough.Sdk.Facts;

/// <summary>A piece of information about a host, with the source from which it was read.</summary>
/// <typeparam name="T">The value's type.</typeparam>
/// <remarks>The default value is an unknown fact without a source. Thread safety: immutable if <typeparamref name="T"/> is.</remarks>
public readonly record struct Fact<T>
{
    private readonly string? _source;
    private readonly T? _value;

    internal Fact(FactState state, T? value, string source, string? reason)
    {
        State = state;
        _value = value;
        _source = source;
        Reason = reason;
    }

    /// <summary>Gets whether the value is known, known to be absent, or unknown.</summary>
    public FactState State { get; }

    /// <summary>Gets the value; <c>default</c> unless <see cref="State"/> is <see cref="FactState.Known"/>.</summary>
    public T? Value => _value;

    /// <summary>
    /// Gets the source from which the value was read: a path on the host (<c>/proc/cmdline</c>), without the root under which it
    /// was read.
    /// </summary>
    public string Source => _source ?? "";

    /// <summary>
    /// Gets the reason why the value is unknown, in a few words (<c>permission denied</c>); null unless <see cref="State"/> is
    /// <see cref="FactState.Unknown"/>.
    /// </summary>
    public string? Reason { get; }

    /// <summary>Gets whether the value is known.</summary>
    public bool IsKnown => State == FactState.Known;

    /// <summary>Gets whether the source was checked and the thing does not exist.</summary>
    public bool IsAbsent => State == FactState.Absent;

    /// <summary>Gets whether the value is unknown.</summary>
    public bool IsUnknown => State == FactState.Unknown;

    /// <summary>Returns the value and its source, or why there is no value.</summary>
    public override string ToString() => State switch
    {
        FactState.Known => $"{Source}: {Value}",
        FactState.Absent => $"{Source}: absent",
        _ => $"{Source}: unknown ({Reason ?? "not read"})",
    };
}
