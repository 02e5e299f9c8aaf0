namespace Passthrough.Sdk.Sysfs;

/// <summary>
/// The kernel's small files (sysfs, proc) and what lies beside them, under a root. Nothing else in the library opens them.
/// </summary>
/// <remarks>
/// Paths are absolute as the host itself writes them (<c>/sys/bus/pci/devices</c>); the implementation puts its root in
/// front. Nothing throws for what a host may do at any time (a device that vanishes, a file that is not permitted): the
/// answer is an errno. Thread safety: all members may be called at once from several threads.
/// </remarks>
internal interface ISysfs
{
    /// <summary>One open, one read, one close: a second read of the same attribute could tear.</summary>
    /// <param name="path">The file.</param>
    /// <param name="buffer">Takes the content. What does not fit is left out.</param>
    /// <param name="length">Bytes read.</param>
    /// <returns>0, or the errno of what failed.</returns>
    int TryRead(string path, Span<byte> buffer, out int length);

    /// <summary>Reads where a symbolic link points, without following it.</summary>
    /// <param name="path">The link.</param>
    /// <param name="target">The link's text; empty on failure.</param>
    /// <returns>0, or the errno of what failed (EINVAL: not a link).</returns>
    int TryReadLink(string path, out string target);

    /// <summary>Adds the names in a directory to <paramref name="names"/>, without "." and "..", in no particular order.</summary>
    /// <param name="path">The directory.</param>
    /// <param name="names">Takes the names; nothing is added on failure.</param>
    /// <returns>0, or the errno of what failed.</returns>
    int TryList(string path, ICollection<string> names);

    /// <summary>One open, one write, one close; the file must exist.</summary>
    /// <param name="path">The file.</param>
    /// <param name="content">What to write.</param>
    /// <returns>0, or the errno of what failed.</returns>
    int TryWrite(string path, ReadOnlySpan<byte> content);
}
