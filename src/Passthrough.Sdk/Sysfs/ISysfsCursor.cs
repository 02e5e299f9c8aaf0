namespace Passthrough.Sdk.Sysfs;

/// <summary>
/// Goes through the directories of one directory and reads their attributes: one look-up of the path a directory, then
/// only the last name of each file.
/// </summary>
/// <remarks>Thread safety: none; open one for each thread.</remarks>
internal interface ISysfsCursor : IDisposable
{
    /// <summary>Steps into a directory (or a link to one), and out of the one before.</summary>
    /// <param name="name">Its name, without a slash.</param>
    /// <returns>0, or the errno of what failed; then the cursor stands nowhere.</returns>
    int TryEnter(string name);

    /// <summary>One open, one read, one close of a file in the directory that was entered.</summary>
    /// <param name="name">The file's name in UTF-8 without a slash, with a zero byte after its end as <c>u8</c> literals have.</param>
    /// <param name="buffer">Takes the content. What does not fit is left out.</param>
    /// <param name="length">Bytes read.</param>
    /// <returns>0, or the errno of what failed.</returns>
    int TryRead(ReadOnlySpan<byte> name, Span<byte> buffer, out int length);

    /// <summary>Reads where a link in the directory that was entered points.</summary>
    /// <param name="name">The link's name in UTF-8 without a slash, with a zero byte after its end as <c>u8</c> literals have.</param>
    /// <param name="buffer">Takes the link's text. What does not fit is left out.</param>
    /// <param name="length">Bytes read.</param>
    /// <returns>0, or the errno of what failed (EINVAL: not a link).</returns>
    int TryReadLink(ReadOnlySpan<byte> name, Span<byte> buffer, out int length);
}
