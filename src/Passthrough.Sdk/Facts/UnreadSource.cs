namespace Passthrough.Sdk.Facts;

/// <summary>A source that exists but could not be read.</summary>
/// <param name="Path">The path on the host.</param>
/// <param name="Reason">The reason, in a few words: <c>permission denied</c>, <c>disappeared while it was read</c>.</param>
public sealed record UnreadSource(string Path, string Reason);
