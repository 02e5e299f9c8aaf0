using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Sysfs;

namespace Passthrough.Sdk.Testing.Trees;

/// <summary>
/// A captured host in a directory. What a directory cannot hold is known from the archive: that a file could not be read, and whose a device node was. It
/// counts until the file is written, by whichever of its paths, so the tree of the archive gets the links of the directory.
/// </summary>
internal sealed class NotedSysfs(ISysfs files, FakeTree captured) : ISysfs
{

    public bool CanWait => false;

    /// <summary>The file is no longer the one that was captured.</summary>
    public void Written(string path) => captured.Write(path, []);

    /// <summary>What was here is gone.</summary>
    public void Removed(string path) => captured.Remove(path);

    /// <summary>A new link.</summary>
    public void Linked(string path, string target)
    {
        captured.Remove(path);
        captured.CreateLink(path, target);
    }

    /// <summary>The file or directory is there again, as it was captured.</summary>
    public void Unreadable(string path, bool isDirectory, int errno)
    {
        captured.Remove(path);
        captured.AddUnreadable(path, isDirectory, errno);
    }

    public int TryRead(string path, Span<byte> buffer, out int length)
    {
        length = 0;
        return ErrnoOf(path) is var errno && errno != Errno.Success ? errno : files.TryRead(path, buffer, out length);
    }

    public int TryReadAll(string path, int limit, out byte[] content)
    {
        content = [];
        return ErrnoOf(path) is var errno && errno != Errno.Success ? errno : files.TryReadAll(path, limit, out content);
    }

    public int TryReadLink(string path, out string target) => files.TryReadLink(path, out target);

    public int TryList(string path, ICollection<string> names) => ErrnoOf(path) is var errno && errno != Errno.Success ? errno : files.TryList(path, names);

    public int TryStatus(string path, out FileStatus status)
    {
        var errno = files.TryStatus(path, out status);
        if (errno == Errno.Success && Find(path)?.Status is { } noted)
        {
            status = noted;
        }

        return errno;
    }

    public int TryWrite(string path, ReadOnlySpan<byte> content) => files.TryWrite(path, content);

    public int TryOpenCursor(string path, out ISysfsCursor? cursor)
    {
        // One path a read, so that every answer goes through here.
        var errno = files.TryOpenCursor(path, out var opened);
        opened?.Dispose();
        cursor = errno == Errno.Success ? new PathCursor(this, path) : null;
        return errno;
    }

    // A file that is gone has no errno of its own.
    private int ErrnoOf(string path) => Find(path) is { } node && node.Errno != Errno.Success && files.TryStatus(path, out _) == Errno.Success ? node.Errno : Errno.Success;

    private FakeNode? Find(string path) =>
        path.StartsWith('/') && captured.TryResolve(captured.Root, path, followLast: true, out var node) == Errno.Success ? node : null;
}
