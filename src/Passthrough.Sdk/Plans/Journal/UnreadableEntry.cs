namespace Passthrough.Sdk.Plans.Journal;

/// <summary>A file of the journal that cannot be read as an entry.</summary>
/// <param name="Path">The file.</param>
/// <param name="Reason">The reason: truncated, empty, not permitted, or written by a newer version.</param>
/// <param name="IsNewer">Whether a newer version of the library wrote it, which can read it.</param>
/// <param name="IsBroken">Whether its content is the reason, so that it can never be read; false if it could not be opened.</param>
internal sealed record UnreadableEntry(string Path, string Reason, bool IsNewer, bool IsBroken);
