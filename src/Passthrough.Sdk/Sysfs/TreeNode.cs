namespace Passthrough.Sdk.Sysfs;

/// <summary>A file, a directory or a link of a host held in memory.</summary>
internal sealed class TreeNode
{
    /// <summary>The names below; null for what is no directory.</summary>
    public SortedDictionary<string, TreeNode>? Children { get; private init; }

    /// <summary>The content of a file; null for a directory and a link.</summary>
    public byte[]? Content { get; set; }

    /// <summary>The target of a link; null for other nodes.</summary>
    public string? Target { get; private init; }

    /// <summary>The errno of reading the file or listing the directory; 0 if it is readable.</summary>
    public int Errno { get; set; }

    /// <summary>The errno for a name that is not in the directory: it does not exist, or this is unknown.</summary>
    public int MissingErrno { get; init; } = Facts.Errno.NotFound;

    /// <summary>Kind, permissions and owner where they were asked for.</summary>
    public FileStatus? Status { get; set; }

    public static TreeNode Directory(int missingErrno = Facts.Errno.NotFound) =>
        new() { Children = new SortedDictionary<string, TreeNode>(StringComparer.Ordinal), MissingErrno = missingErrno };

    public static TreeNode File(byte[] content) => new() { Content = content };

    public static TreeNode Link(string target) => new() { Target = target };
}
