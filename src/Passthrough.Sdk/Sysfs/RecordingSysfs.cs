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

    // Paths of which nothing is kept and that are no links.
    private readonly HashSet<string> _others = new(StringComparer.Ordinal);

    // Where Canonical is: its names, and what is kept there.
    private readonly StringBuilder _real = new();
    private readonly List<TreeNode?> _way = [];

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
                _ = _isClosed || Canonical(path, out _, out _, errno == Errno.Success ? target : errno == Errno.Invalid || Errno.IsAbsent(errno) ? "" : null);
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
            if (!_isClosed && !IsPrivate(path) && !Errno.IsAbsent(errno) && Canonical(path, out var real, out var node))
            {
                var isDirectory = errno == Errno.Success && status.Kind == FileKind.Directory;
                node = isDirectory ? record.Add(real, TreeNode.Directory()) : node ?? record.Add(real, TreeNode.File([]));
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
            if (_isClosed || !Canonical(path, out var real, out var node))
            {
                return;
            }

            node ??= record.Add(real, TreeNode.File([]));
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
        if (_isClosed || Errno.IsAbsent(errno) || !Canonical(path, out var real, out var node))
        {
            return;
        }

        node ??= record.Add(real, TreeNode.Directory());
        if (node is not { Children: not null } directory)
        {
            return;
        }

        directory.Errno = IsPrivate(path) ? Errno.NoData : errno;
        foreach (var name in directory.Errno == Errno.Success ? found : [])
        {
            // What it is shows only when it is looked at; a name in a list is all that is known of it.
            if (!directory.TryGetChild(name, out _))
            {
                KeepName($"{real}/{name}");
            }
        }
    }

    private void KeepName(string path)
    {
        if (KeepLink(path) is null)
        {
            record.Add(path, inner.TryStatus(path, out var status) == Errno.Success && status.Kind == FileKind.Directory ? TreeNode.Directory() : TreeNode.File([]));
        }
    }

    private TreeNode? KeepLink(string path) => inner.TryReadLink(path, out var target) == Errno.Success ? record.Add(path, TreeNode.Link(target)) : null;

    /// <summary>The path without links; every link on the way is kept.</summary>
    /// <param name="path">The path.</param>
    /// <param name="real">The path without links; empty if there are too many.</param>
    /// <param name="node">What is kept there; null if nothing is.</param>
    /// <param name="last">The target of the path's last name if that name is a link; empty if it is not a link; null if this is unknown.</param>
    private bool Canonical(string path, out string real, out TreeNode? node, string? last = null)
    {
        _way.Clear();
        _real.Clear();
        ReadOnlySpan<char> rest = path;
        for (var links = 0; PathNames.TryTake(ref rest, out var name);)
        {
            if (name is "..")
            {
                _way.RemoveRange(Math.Max(_way.Count - 1, 0), Math.Min(_way.Count, 1));
                _real.Length = _way.Count == 0 ? 0 : _real.ToString().LastIndexOf('/');
                continue;
            }

            var parent = _way.Count == 0 ? record.Root : _way[^1];
            var before = _real.Length;
            _real.Append('/').Append(name);
            var isLast = last is not null && PathNames.IsEmpty(rest);
            var found = Look(parent, name, isLast ? last : null);
            if (found?.Target is not { } target)
            {
                _way.Add(found);
                continue;
            }

            if (++links > MostLinks)
            {
                (real, node) = ("", null);
                return false;
            }

            _real.Length = before;
            if (target.StartsWith('/'))
            {
                _real.Clear();
                _way.Clear();
            }

            rest = PathNames.Follow(target, rest);
            last = isLast ? null : last;
        }

        real = _real.Length == 0 ? "/" : _real.ToString();
        node = _way.Count == 0 ? record.Root : _way[^1];
        return true;
    }

    /// <summary>What is kept in a directory under a name, after the host was asked whether that is a link.</summary>
    /// <remarks>Everything that is kept was asked for before. Nothing is kept of a name that is neither a link nor was read.</remarks>
    private TreeNode? Look(TreeNode? parent, ReadOnlySpan<char> name, string? target)
    {
        if (parent is not null && parent.TryGetChild(name, out var known))
        {
            return known;
        }

        var real = _real.ToString();
        if (target is not null)
        {
            return target.Length == 0 ? null : record.Add(real, TreeNode.Link(target));
        }

        if (_others.Contains(real))
        {
            return null;
        }

        var link = KeepLink(real);
        if (link is null)
        {
            _others.Add(real);
        }

        return link;
    }
}
