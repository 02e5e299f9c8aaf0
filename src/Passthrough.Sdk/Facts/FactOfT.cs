namespace Passthrough.Sdk.Facts;

/// <summary>One thing a host says about itself, with the place it was read from.</summary>
/// <typeparam name="T">The value's type.</typeparam>
/// <remarks>The default value is an unknown with no source. Thread safety: immutable where <typeparamref name="T"/> is.</remarks>
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

    /// <summary>Whether the value is known, known to be absent, or unknown.</summary>
    public FactState State { get; }

    /// <summary>The value; <c>default</c> unless <see cref="State"/> is <see cref="FactState.Known"/>.</summary>
    public T? Value => _value;

    /// <summary>Where it was read: a path as the host itself would write it (<c>/proc/cmdline</c>), whatever the root it was read under.</summary>
    public string Source => _source ?? "";

    /// <summary>Why it is unknown, in a few words (<c>permission denied</c>); null unless <see cref="State"/> is <see cref="FactState.Unknown"/>.</summary>
    public string? Reason { get; }

    /// <summary>Whether the value is known.</summary>
    public bool IsKnown => State == FactState.Known;

    /// <summary>Whether the source was looked at and the thing is not there.</summary>
    public bool IsAbsent => State == FactState.Absent;

    /// <summary>Whether nobody could tell.</summary>
    public bool IsUnknown => State == FactState.Unknown;

    /// <summary>The value and its source, or why there is none.</summary>
    public override string ToString() => State switch
    {
        FactState.Known => $"{Source}: {Value}",
        FactState.Absent => $"{Source}: absent",
        _ => $"{Source}: unknown ({Reason ?? "not read"})",
    };
}
