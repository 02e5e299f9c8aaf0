namespace Passthrough.Sdk.Host;

/// <summary>A limit of a process, in bytes.</summary>
/// <param name="Soft">What counts now; null for no limit.</param>
/// <param name="Hard">How far the process itself may raise it; null for no limit.</param>
/// <remarks>Thread safety: immutable.</remarks>
public sealed record ResourceLimit(long? Soft, long? Hard);
