using System.Text;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Sysfs;

namespace Passthrough.Sdk.Testing.Trees;

/// <summary>The files of a fake host in memory, which can be changed, unlike those of a <see cref="TreeSysfs"/>.</summary>
/// <remarks>Thread safety: all members may be called from several threads at the same time.</remarks>
internal sealed class FakeTree : IFakeStore, ISysfs
{
    // The kernel's own limit (ELOOP).
    private const int MostLinks = 40;
    private const UnixFileMode FileMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
    private const UnixFileMode DirectoryMode = FileMode | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    private readonly Lock _gate;

    /// <param name="gate">The lock of the host's files.</param>
    public FakeTree(Lock gate) => _gate = gate;

    public FakeNode Root { get; private init; } = FakeNode.Directory(null);

    /// <summary>Whether it is a copy of a captured host, which says more of some files than a directory can hold.</summary>
    public bool IsCaptured { get; private init; }

    public ISysfs Sysfs => this;

    /// <summary>How often it was changed.</summary>
    public int Version { get; private set; }

    public bool CanWait => false;

    /// <summary>The same files as those of a captured host.</summary>
    public static FakeTree Copy(TreeSysfs captured, Lock gate)
    {
        var tree = new FakeTree(gate) { Root = FakeNode.Directory(null, captured.Root.Errno), IsCaptured = true };
        Copy(captured.Root, tree.Root);
        return tree;

        static void Copy(TreeNode from, FakeNode to)
        {
            foreach (var (name, child) in from.Children!)
            {
                var copy = child.Target is { } target ? FakeNode.Link(to, target)
                    : child.Children is null ? FakeNode.Captured(to, child.Content ?? [], child.Errno, child.Status)
                    : FakeNode.Directory(to, child.Errno);
                to.Children!.Add(name, copy);
                if (child.Children is not null)
                {
                    Copy(child, copy);
                }
            }
        }
    }

    public bool Exists(string path) => TryResolve(path, followLast: true, out _) == Errno.Success;

    public bool IsDirectory(string path) => TryResolve(path, followLast: true, out var node) == Errno.Success && node!.Children is not null;

    public string? LinkTarget(string path) => TryResolve(path, followLast: false, out var node) == Errno.Success ? node!.Target : null;

    public string ReadText(string path) => TryReadAll(path, int.MaxValue, out var content) is var errno and not Errno.Success
        ? throw new IOException($"the fake host's {path} cannot be read: {Errno.Describe(errno)}")
        : Encoding.UTF8.GetString(content);

    public IReadOnlyList<string> Names(string path)
    {
        lock (_gate)
        {
            return TryResolve(path, followLast: true, out var node) == Errno.Success && node!.Children is { } children ? [.. children.Keys.Order(StringComparer.Ordinal)] : [];
        }
    }

    public void Write(string path, ReadOnlySpan<byte> content)
    {
        lock (_gate)
        {
            Version++;

            // A link at the end is followed, and may lead to what does not exist yet.
            var (directory, name) = Place(Root, path, 0);
            if (!directory.Children!.TryGetValue(name, out var node))
            {
                directory.Children.Add(name, FakeNode.File(directory, content.ToArray()));
            }
            else if (node.Children is not null)
            {
                throw new IOException($"'{path}' is a directory of the fake host; remove it before you write a file there");
            }
            else if (node.Status is not null || node.Errno != Errno.Success)
            {
                directory.Children[name] = FakeNode.File(directory, content.ToArray()); // no longer what was captured
            }
            else
            {
                node.Write(content.ToArray());
            }
        }
    }

    public void CreateDirectory(string path)
    {
        lock (_gate)
        {
            Version++;
            _ = Enter(Root, path);
        }
    }

    public void CreateLink(string path, string target) => Add(path, "create a link there", directory => FakeNode.Link(directory, target));

    public void AddUnreadable(string path, bool isDirectory, int errno) => Add(
        path, "put it back", directory => isDirectory ? FakeNode.Directory(directory, errno) : FakeNode.Captured(directory, [], errno, null));

    public void Remove(string path)
    {
        lock (_gate)
        {
            Version++;
            if (path == "/")
            {
                Root.Children!.Clear();
            }
            else if (TryResolve(HostPath.DirectoryOf(path), followLast: true, out var directory) == Errno.Success)
            {
                directory!.Children?.Remove(HostPath.NameOf(path));
            }
        }
    }

    public int TryRead(string path, Span<byte> buffer, out int length) => ReadNode(TryResolve(path, followLast: true, out var node), node, buffer, out length);

    public int TryReadAll(string path, int limit, out byte[] content)
    {
        var errno = TryResolve(path, followLast: true, out var node);
        errno = errno != Errno.Success ? errno : node!.Children is not null ? Errno.IsDirectory : node.Errno;
        content = errno == Errno.Success ? node!.Content! : [];
        if (content.Length > limit)
        {
            content = [];
            return Errno.TooLarge;
        }

        return errno;
    }

    public int TryReadLink(string path, out string target) => ReadLink(TryResolve(path, followLast: false, out var node), node, out target);

    public int TryList(string path, ICollection<string> names)
    {
        lock (_gate)
        {
            var errno = TryResolve(path, followLast: true, out var node);
            errno = errno != Errno.Success ? errno : node!.Children is null ? Errno.NotDirectory : node.Errno;
            if (errno == Errno.Success)
            {
                foreach (var name in node!.Children!.Keys)
                {
                    names.Add(name);
                }
            }

            return errno;
        }
    }

    public int TryStatus(string path, out FileStatus status)
    {
        var errno = TryResolve(path, followLast: true, out var node);
        status = errno != Errno.Success ? default
            : node!.Status ?? (node.Children is not null
                ? new FileStatus(FileKind.Directory, DirectoryMode, 0, 0, 0)
                : new FileStatus(FileKind.Regular, FileMode, 0, 0, node.Content!.Length) { Modified = node.Modified });
        return errno;
    }

    public int TryWrite(string path, ReadOnlySpan<byte> content)
    {
        lock (_gate)
        {
            var errno = TryResolve(path, followLast: true, out var node);
            if (errno == Errno.Success && node!.Children is not null)
            {
                return Errno.IsDirectory;
            }

            if (errno == Errno.Success)
            {
                Version++;
                node!.Write(content.ToArray());
            }

            return errno;
        }
    }

    public int TryOpenCursor(string path, out ISysfsCursor? cursor)
    {
        var errno = TryResolve(path, followLast: true, out var node);
        errno = errno == Errno.Success && node!.Children is null ? Errno.NotDirectory : errno;
        cursor = errno == Errno.Success ? new FakeTreeCursor(this, node!) : null;
        return errno;
    }

    /// <summary>Finds what a path leads to from a directory.</summary>
    internal int TryResolve(FakeNode from, ReadOnlySpan<char> path, bool followLast, out FakeNode? node)
    {
        lock (_gate)
        {
            var links = 0;
            return Follow(from, path, followLast, ref links, out node);
        }
    }

    internal static int ReadNode(int errno, FakeNode? node, Span<byte> buffer, out int length)
    {
        length = 0;
        if (errno != Errno.Success || node!.Children is not null || node.Errno != Errno.Success)
        {
            return errno != Errno.Success ? errno : node!.Children is not null ? Errno.IsDirectory : node.Errno;
        }

        var content = node.Content!;
        length = Math.Min(buffer.Length, content.Length);
        content.AsSpan(0, length).CopyTo(buffer);
        return Errno.Success;
    }

    internal static int ReadLink(int errno, FakeNode? node, out string target)
    {
        target = errno == Errno.Success ? node!.Target ?? "" : "";
        return errno == Errno.Success && node!.Target is null ? Errno.Invalid : errno;
    }

    private int TryResolve(string path, bool followLast, out FakeNode? node)
    {
        node = null;
        return path.Length == 0 || path[0] != '/' || path.Contains('\0', StringComparison.Ordinal) ? Errno.Invalid : TryResolve(Root, path, followLast, out node);
    }

    private int Follow(FakeNode from, ReadOnlySpan<char> path, bool followLast, ref int links, out FakeNode? node)
    {
        node = null;
        var at = path.Length > 0 && path[0] == '/' ? Root : from;
        while (Next(ref path) is var name && !name.IsEmpty)
        {
            if (at.Children is null)
            {
                return Errno.NotDirectory;
            }

            if (name is "..")
            {
                at = at.Parent ?? at; // at the root ".." stays there, as in the kernel
                continue;
            }

            if (name is ".")
            {
                continue;
            }

            if (at.Child(name) is not { } next)
            {
                return Errno.NotFound;
            }

            if (next.Target is { } target && (followLast || !path.Trim('/').IsEmpty))
            {
                if (++links > MostLinks)
                {
                    return Errno.TooManyLinks;
                }

                var errno = Follow(at, target, followLast: true, ref links, out next!);
                if (errno != Errno.Success)
                {
                    return errno;
                }
            }

            at = next;
        }

        node = at;
        return Errno.Success;
    }

    private void Add(string path, string what, Func<FakeNode, FakeNode> create)
    {
        lock (_gate)
        {
            Version++;
            var directory = Enter(Root, HostPath.DirectoryOf(path));
            if (path == "/" || !directory.Children!.TryAdd(HostPath.NameOf(path), create(directory)))
            {
                throw new IOException($"'{path}' exists already on the fake host; remove it before you {what}");
            }
        }
    }

    // The directory at a path; what is missing on the way is created, but not what a link leads to.
    private FakeNode Enter(FakeNode from, ReadOnlySpan<char> path)
    {
        var links = 0;
        var whole = path;
        var at = path.Length > 0 && path[0] == '/' ? Root : from;
        while (Next(ref path) is var name && !name.IsEmpty)
        {
            if (name is ".." or ".")
            {
                at = name is ".." ? at.Parent ?? at : at;
                continue;
            }

            var next = at.Child(name);
            if (next is null)
            {
                next = FakeNode.Directory(at);
                at.Children!.Add(name.ToString(), next);
            }
            else if (next.Target is { } target)
            {
                var errno = Follow(at, target, followLast: true, ref links, out next!);
                next = errno == Errno.Success ? next : throw new IOException($"'{whole}' leads through the link '{name}' on the fake host, which cannot be followed: {Errno.Describe(errno)}");
            }

            at = next.Children is not null ? next : throw new IOException($"'{whole}' is not a directory of the fake host: '{name}' on the way is a file");
        }

        return at;
    }

    // Where the file at a path is or would be, after following a link at its end.
    private (FakeNode Directory, string Name) Place(FakeNode from, string path, int links)
    {
        var slash = path.LastIndexOf('/');
        var directory = slash < 0 ? from : links == 0 ? Enter(from, path.AsSpan(0, Math.Max(slash, 1))) : Existing(from, path[..Math.Max(slash, 1)]);
        var name = path[(slash + 1)..];
        return name is "" or "." or ".." ? throw new IOException($"'{path}' is a directory of the fake host")
            : directory.Children!.TryGetValue(name, out var node) && node.Target is { } target
                ? links < MostLinks ? Place(directory, target, links + 1) : throw new IOException($"'{path}' has too many links on the fake host")
                : (directory, name);
    }

    private FakeNode Existing(FakeNode from, string path)
    {
        var links = 0;
        return Follow(from, path, followLast: true, ref links, out var node) == Errno.Success && node!.Children is not null ? node : throw new IOException($"'{path}' is not a directory of the fake host");
    }

    private static ReadOnlySpan<char> Next(ref ReadOnlySpan<char> path)
    {
        path = path.TrimStart('/');
        var end = path.IndexOf('/');
        var name = end < 0 ? path : path[..end];
        path = end < 0 ? [] : path[(end + 1)..];
        return name;
    }
}
