namespace Passthrough.Sdk.Host;

/// <summary>The huge pages of one size.</summary>
/// <param name="PageSize">Bytes of a page.</param>
/// <param name="Total">The number of pages in the pool.</param>
/// <param name="Free">The number of free pages.</param>
/// <remarks>Thread safety: immutable.</remarks>
public sealed record HugePagePool(long PageSize, long Total, long Free);
