using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.Sysfs;

/// <summary>A file, a directory or a link of a host held in memory.</summary>
internal sealed class TreeNode
{
    /// <summary>The names below; null for what is no directory.</summary>
    public SortedDictionary<string, TreeNode>? Children { get; private init; }

    /// <summary>What a file holds; null for a directory and a link.</summary>
    public byte[]? Content { get; set; }

    /// <summary>Where a link points; else null.</summary>
    public string? Target { get; private init; }

    /// <summary>What reading the file, or listing the directory, answers instead of its content; 0: it is readable.</summary>
    public int Errno { get; set; }

    /// <summary>What a name that is not below the directory answers: that it is not there, or that nobody knows.</summary>
    public int MissingErrno { get; init; } = Facts.Errno.NotFound;

    /// <summary>Kind, permissions and owner where they were asked for.</summary>
    public FileStatus? Status { get; set; }

    public static TreeNode Directory(int missingErrno = Facts.Errno.NotFound) =>
        new() { Children = new SortedDictionary<string, TreeNode>(StringComparer.Ordinal), MissingErrno = missingErrno };

    public static TreeNode File(byte[] content) => new() { Content = content };

    public static TreeNode Link(string target) => new() { Target = target };
}
