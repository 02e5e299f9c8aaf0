using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.Sysfs;

/// <summary>A host held in memory: an unpacked archive, a dump. Nothing can be written to it.</summary>
/// <remarks>Thread safety: reading; nobody may add meanwhile.</remarks>
internal sealed class TreeSysfs : ISysfs
{
    // The kernel's own limit (ELOOP).
    private const int MostLinks = 40;
    private const int PageSize = 4096;

    // Of a function behind a few bridges.
    private const int Depth = 12;

    private readonly NamePool _names = new();

    /// <summary>Makes a host without files.</summary>
    /// <param name="missingErrno">
    /// The error that a missing name causes at the root, and in every directory that is created on the way.
    /// </param>
    public TreeSysfs(int missingErrno = Errno.NotFound) => Root = TreeNode.Directory(missingErrno);

    /// <summary>The directory all others are in.</summary>
    public TreeNode Root { get; private set; }

    public bool CanWait => false;

    /// <summary>Makes a directory the one all others are in.</summary>
    public void ChangeRoot(TreeNode directory) => Root = directory;

    /// <summary>Puts a node at a path, with the directories it needs.</summary>
    /// <param name="path">The path; no name on it may be a file or a link.</param>
    /// <param name="node">The node; a directory's place is taken only when it is free.</param>
    /// <returns>The node that is there now; null when something is in the way.</returns>
    public TreeNode? Add(ReadOnlySpan<char> path, TreeNode node)
    {
        if (!PathNames.TryTake(ref path, out var name))
        {
            return Root;
        }

        var directory = Root;
        while (PathNames.TryTake(ref path, out var following))
        {
            if (!directory.TryGetChild(name, out var next))
            {
                directory.Children!.Add(_names.Get(name), next = TreeNode.Directory(directory.MissingErrno));
            }

            if (next.Children is null)
            {
                return null;
            }

            directory = next;
            name = following;
        }

        if (directory.TryGetChild(name, out var old) && old.Children is not null)
        {
            return node.Children is null ? null : old;
        }

        directory.Children![_names.Get(name)] = node;
        return node;
    }

    /// <summary>The node at a path without links; null if there is none.</summary>
    public TreeNode? Find(ReadOnlySpan<char> path)
    {
        var node = Root;
        while (PathNames.TryTake(ref path, out var name))
        {
            if (!node.TryGetChild(name, out node))
            {
                return null;
            }
        }

        return node;
    }

    public int TryRead(string path, Span<byte> buffer, out int length)
    {
        length = 0;
        var errno = ReadNode(path, out var content);
        if (errno == Errno.Success)
        {
            length = Math.Min(buffer.Length, content.Length);
            content.AsSpan(0, length).CopyTo(buffer);
        }

        return errno;
    }

    public int TryReadAll(string path, int limit, out byte[] content)
    {
        var errno = ReadNode(path, out content);
        if (content.Length > limit)
        {
            content = [];
            return Errno.TooLarge;
        }

        return errno;
    }

    public int TryReadLink(string path, out string target)
    {
        var errno = Resolve(path, followLast: false, out var node);
        target = node?.Target ?? "";
        return errno == Errno.Success && node!.Target is null ? Errno.Invalid : errno;
    }

    public int TryList(string path, ICollection<string> names)
    {
        var errno = Resolve(path, followLast: true, out var node);
        if (errno != Errno.Success)
        {
            return errno;
        }

        if (node!.Children is null)
        {
            return Errno.NotDirectory;
        }

        if (node.Errno != Errno.Success)
        {
            return node.Errno;
        }

        foreach (var name in node.Children.Keys)
        {
            names.Add(name);
        }

        return Errno.Success;
    }

    public int TryStatus(string path, out FileStatus status)
    {
        const UnixFileMode Readable = UnixFileMode.UserRead | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
        var errno = Resolve(path, followLast: true, out var node);
        status = errno != Errno.Success ? default
            : node!.Status
            ?? (node.Children is not null
                ? new FileStatus(FileKind.Directory, Readable | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute, null, null, 0)
                : new FileStatus(FileKind.Regular, Readable, null, null, node.Content?.Length ?? PageSize));
        return errno;
    }

    public int TryWrite(string path, ReadOnlySpan<byte> content) =>
        Resolve(path, followLast: true, out _) is var errno and not Errno.Success ? errno : Errno.ReadOnly;

    public int TryOpenCursor(string path, out ISysfsCursor? cursor)
    {
        var errno = Resolve(path, followLast: true, out var node);
        if (errno == Errno.Success && node!.Children is null)
        {
            errno = Errno.NotDirectory;
        }

        cursor = errno == Errno.Success ? new PathCursor(this, path) : null;
        return errno;
    }

    private int ReadNode(string path, out byte[] content)
    {
        content = [];
        var errno = Resolve(path, followLast: true, out var node);
        if (errno != Errno.Success)
        {
            return errno;
        }

        if (node!.Children is not null)
        {
            return Errno.IsDirectory;
        }

        content = node.Errno == Errno.Success ? node.Content ?? [] : [];
        return node.Errno;
    }

    private int Resolve(string path, bool followLast, out TreeNode? node)
    {
        node = null;
        if (path.Length == 0 || path[0] != '/' || path.Contains('\0', StringComparison.Ordinal))
        {
            return Errno.Invalid;
        }

        var way = new List<TreeNode>(Depth) { Root };
        ReadOnlySpan<char> rest = path;
        for (var links = 0; PathNames.TryTake(ref rest, out var name);)
        {
            if (name is "..")
            {
                // At the root ".." stays there, as in the kernel.
                way.RemoveRange(Math.Max(way.Count - 1, 1), way.Count > 1 ? 1 : 0);
                continue;
            }

            var directory = way[^1];
            if (directory.Children is null)
            {
                return Errno.NotDirectory;
            }

            if (!directory.TryGetChild(name, out var next))
            {
                return directory.MissingErrno;
            }

            if (next.Target is not { } target || (!followLast && PathNames.IsEmpty(rest)))
            {
                way.Add(next);
                continue;
            }

            if (++links > MostLinks)
            {
                return Errno.TooManyLinks;
            }

            if (target.StartsWith('/'))
            {
                way.RemoveRange(1, way.Count - 1);
            }

            rest = PathNames.Follow(target, rest);
        }

        node = way[^1];
        return Errno.Success;
    }
}
