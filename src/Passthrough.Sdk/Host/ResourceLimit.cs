namespace Passthrough.Sdk.Host;

/// <summary>A limit of a process, in bytes.</summary>
/// <param name="Soft">The current limit; null for no limit.</param>
/// <param name="Hard">The maximum to which the process may raise it; null for no limit.</param>
/// <remarks>Thread safety: immutable.</remarks>
public sealed record ResourceLimit(long? Soft, long? Hard);
