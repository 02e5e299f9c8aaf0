using System.Text;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Sysfs.Netlink;

namespace Passthrough.Sdk.Sysfs;

/// <summary>
/// Reads a host and keeps every answer, links at their own places, so that whoever reads the record reads the host.
/// What was not asked is not in it.
/// </summary>
/// <remarks>
/// Thread safety: all members may be called from several threads at the same time; the record is read when it is closed. A read that the kernel keeps
/// waiting may come back after that, and is not kept.
/// </remarks>
internal sealed class RecordingSysfs(ISysfs inner, TreeSysfs record) : ISysfs
{
    private const int MostLinks = 40;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, string?> _links = new(StringComparer.Ordinal);

    private bool _isClosed;

    public INetlinkSource? Netlink => inner.Netlink;

    public bool CanWait => inner.CanWait;

    public bool RunsPrograms => inner.RunsPrograms;

    public int TryAskXen(out string text) => inner.TryAskXen(out text);

    public void Keep(string path, string text) => Keep(path, Errno.Success, Encoding.UTF8.GetBytes(text));

    /// <summary>Keeps nothing more: from now on the record can be read.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _isClosed = true;
        }
    }

    public int TryRead(string path, Span<byte> buffer, out int length)
    {
        var errno = inner.TryRead(path, buffer, out length);
        Keep(path, errno, buffer[..length]);
        return errno;
    }

    public int TryReadAll(string path, int limit, out byte[] content)
    {
        var errno = inner.TryReadAll(path, limit, out content);
        Keep(path, errno, content);
        return errno;
    }

    public int TryReadLink(string path, out string target)
    {
        var errno = inner.TryReadLink(path, out target);
        if (!IsPrivate(path))
        {
            lock (_gate)
            {
                // Following the path keeps the link itself too.
                _ = Canonical(path, out _);
            }
        }

        return errno;
    }

    public int TryList(string path, ICollection<string> names)
    {
        var found = new List<string>();
        var errno = inner.TryList(path, found);
        lock (_gate)
        {
            KeepList(path, errno, found);
        }

        foreach (var name in found)
        {
            names.Add(name);
        }

        return errno;
    }

    public int TryStatus(string path, out FileStatus status)
    {
        var errno = inner.TryStatus(path, out status);
        lock (_gate)
        {
            if (!IsPrivate(path) && !Errno.IsAbsent(errno) && Canonical(path, out var real))
            {
                var isDirectory = errno == Errno.Success && status.Kind == FileKind.Directory;
                var node = record.Add(real, isDirectory ? TreeNode.Directory() : record.Find(real) ?? TreeNode.File([]));
                if (node is not null && errno == Errno.Success && !isDirectory)
                {
                    node.Status = status;
                }
            }
        }

        return errno;
    }

    public int TryWrite(string path, ReadOnlySpan<byte> content) => Errno.ReadOnly;

    public int TryOpenCursor(string path, out ISysfsCursor? cursor)
    {
        // One path a read, so that every answer goes through here.
        var errno = inner.TryOpenCursor(path, out var opened);
        opened?.Dispose();
        cursor = errno == Errno.Success ? new PathCursor(this, path) : null;
        return errno;
    }

    // What processes there are, and what they have open, is nobody else's business.
    private static bool IsPrivate(string path) =>
        path == "/proc" || (path.StartsWith("/proc/", StringComparison.Ordinal) && path.Length > 6 && char.IsAsciiDigit(path[6]));

    private void Keep(string path, int errno, ReadOnlySpan<byte> content)
    {
        if (Errno.IsAbsent(errno) || IsPrivate(path))
        {
            return;
        }

        lock (_gate)
        {
            if (_isClosed || !Canonical(path, out var real))
            {
                return;
            }

            var node = record.Find(real);
            if (node is null)
            {
                node = record.Add(real, TreeNode.File([]));
            }

            if (node is null or { Children: not null })
            {
                return;
            }

            // A first look may have taken only the beginning.
            if (errno == Errno.Success && content.Length >= (node.Content?.Length ?? 0))
            {
                (node.Content, node.Errno) = (content.ToArray(), Errno.Success);
            }
            else if (errno != Errno.Success && node.Content is null or { Length: 0 })
            {
                node.Errno = errno;
            }
        }
    }

    private void KeepList(string path, int errno, List<string> found)
    {
        if (Errno.IsAbsent(errno) || !Canonical(path, out var real) || record.Add(real, TreeNode.Directory()) is not { Children: not null } directory)
        {
            return;
        }

        directory.Errno = IsPrivate(path) ? Errno.NoData : errno;
        foreach (var name in directory.Errno == Errno.Success ? found : [])
        {
            // What it is shows only when it is looked at; a name in a list is all that is known of it.
            if (!directory.Children.ContainsKey(name) && Target($"{real}/{name}") is null && inner.TryStatus($"{real}/{name}", out var status) is var there)
            {
                record.Add($"{real}/{name}", there == Errno.Success && status.Kind == FileKind.Directory ? TreeNode.Directory() : TreeNode.File([]));
            }
        }
    }

    /// <summary>The path without links; every link on the way is kept.</summary>
    private bool Canonical(string path, out string real)
    {
        var done = new List<string>();
        var todo = new Stack<string>();
        RootedPaths.Push(todo, path);
        for (var links = 0; todo.TryPop(out var name);)
        {
            if (name == "..")
            {
                done.RemoveRange(Math.Max(done.Count - 1, 0), Math.Min(done.Count, 1));
                continue;
            }

            done.Add(name);
            if (Target("/" + string.Join('/', done)) is not { } target)
            {
                continue;
            }

            if (++links > MostLinks)
            {
                real = "";
                return false;
            }

            done.RemoveAt(done.Count - 1);
            if (target.StartsWith('/'))
            {
                done.Clear();
            }

            RootedPaths.Push(todo, target);
        }

        real = "/" + string.Join('/', done);
        return true;
    }

    private string? Target(string real)
    {
        if (!_links.TryGetValue(real, out var target))
        {
            target = inner.TryReadLink(real, out var text) == Errno.Success ? text : null;
            _links.Add(real, target);
            if (target is not null)
            {
                record.Add(real, TreeNode.Link(target));
            }
        }

        return target;
    }
}
