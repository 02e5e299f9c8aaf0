namespace Passthrough.Sdk.Testing.Trees;

/// <summary>A file, a link or a directory that is put back later.</summary>
/// <param name="Path">Its path on the host.</param>
/// <param name="Content">The content of a file; null for others.</param>
/// <param name="Target">The text of a link; null for others.</param>
/// <param name="Errno">The errno of reading the file or listing the directory; 0 if it is readable.</param>
internal sealed record FakeEntry(string Path, byte[]? Content, string? Target, int Errno = 0);
