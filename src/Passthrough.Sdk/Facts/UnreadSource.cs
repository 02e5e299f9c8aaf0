namespace Passthrough.Sdk.Facts;

/// <summary>Something that was there to be read and could not be.</summary>
/// <param name="Path">The path as the host itself would write it.</param>
/// <param name="Reason">Why, in a few words: <c>permission denied</c>, <c>vanished while it was read</c>.</param>
public sealed record UnreadSource(string Path, string Reason);
