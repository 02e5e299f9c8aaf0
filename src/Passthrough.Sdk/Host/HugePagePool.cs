namespace Passthrough.Sdk.Host;

/// <summary>The huge pages of one size.</summary>
/// <param name="PageSize">Bytes of a page.</param>
/// <param name="Total">How many there are.</param>
/// <param name="Free">How many are free.</param>
/// <remarks>Thread safety: immutable.</remarks>
public sealed record HugePagePool(long PageSize, long Total, long Free);
