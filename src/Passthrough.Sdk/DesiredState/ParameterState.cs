namespace Passthrough.Sdk.DesiredState;

/// <summary>A kernel parameter that is set, or is not.</summary>
/// <param name="Parameter">
/// The parameter: <c>NAME</c> or <c>NAME=VALUE</c>, a value with spaces in double quotes. With <see cref="IsAbsent"/>, <c>NAME</c> means every value.
/// </param>
/// <remarks>
/// The running kernel cannot be changed: the boot loader's files are, and the parameter takes effect at the next boot. Thread safety: immutable.
/// </remarks>
public sealed record ParameterState(string Parameter)
{
    /// <summary>Gets whether the parameter is not set.</summary>
    public bool IsAbsent { get; init; }

    /// <summary>Returns the parameter.</summary>
    public override string ToString() => IsAbsent ? $"no {Parameter}" : Parameter;
}
