namespace Passthrough.Sdk.BootChanges.History;

/// <summary>One file of a change in the history.</summary>
/// <param name="Path">The path on the host.</param>
/// <param name="Backup">The backup's name beside the entry; null if the file was new.</param>
/// <param name="Before">SHA-256 of the old content; null if the file was new.</param>
/// <param name="After">SHA-256 of the new content.</param>
internal sealed record BootHistoryFile(string Path, string? Backup, string? Before, string After);
