using System.Diagnostics.CodeAnalysis;

namespace Passthrough.Sdk.Sysfs;

/// <summary>A file, a directory or a link of a host held in memory.</summary>
/// <remarks>A captured host of thousands of functions has a hundred thousand of these, so what few of them have is kept apart.</remarks>
internal sealed class TreeNode
{
    private Rarities? _rarities;

    /// <summary>The names below, in ordinal order; null for what is no directory.</summary>
    public SortedList<string, TreeNode>? Children { get; private init; }

    /// <summary>The content of a file; null for a directory and a link.</summary>
    public byte[]? Content { get; set; }

    /// <summary>The target of a link; null for other nodes.</summary>
    public string? Target { get; private init; }

    /// <summary>The errno of reading the file or listing the directory; 0 if it is readable.</summary>
    public int Errno
    {
        get => _rarities?.Errno ?? Facts.Errno.Success;
        set
        {
            if (value != Errno)
            {
                (_rarities ??= new Rarities()).Errno = value;
            }
        }
    }

    /// <summary>The errno for a name that is not in the directory: it does not exist, or this is unknown.</summary>
    public int MissingErrno
    {
        get => _rarities?.MissingErrno ?? Facts.Errno.NotFound;
        init
        {
            if (value != MissingErrno)
            {
                (_rarities ??= new Rarities()).MissingErrno = value;
            }
        }
    }

    /// <summary>Kind, permissions and owner where they were asked for.</summary>
    public FileStatus? Status
    {
        get => _rarities?.Status;
        set => (_rarities ??= new Rarities()).Status = value;
    }

    public static TreeNode Directory(int missingErrno = Facts.Errno.NotFound) => new() { Children = new SortedList<string, TreeNode>(StringComparer.Ordinal), MissingErrno = missingErrno };

    public static TreeNode File(byte[] content) => new() { Content = content };

    public static TreeNode Link(string target) => new() { Target = target };

    /// <summary>Finds a name in a directory, without making a string of it.</summary>
    public bool TryGetChild(ReadOnlySpan<char> name, [NotNullWhen(true)] out TreeNode? child)
    {
        child = null;
        if (Children is not { } children)
        {
            return false;
        }

        var (low, high) = (0, children.Count - 1);
        while (low <= high)
        {
            var middle = (low + high) >>> 1;
            var order = name.SequenceCompareTo(children.GetKeyAtIndex(middle));
            if (order == 0)
            {
                child = children.GetValueAtIndex(middle);
                return true;
            }

            (low, high) = order < 0 ? (low, middle - 1) : (middle + 1, high);
        }

        return false;
    }

    private sealed class Rarities
    {
        public int Errno { get; set; }

        public int MissingErrno { get; set; } = Facts.Errno.NotFound;

        public FileStatus? Status { get; set; }
    }
}
