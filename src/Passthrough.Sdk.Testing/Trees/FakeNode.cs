using Passthrough.Sdk.Sysfs;

namespace Passthrough.Sdk.Testing.Trees;

/// <summary>A file, a directory or a link of a fake host in memory.</summary>
internal sealed class FakeNode
{
    private FakeNode(FakeNode? parent) => Parent = parent;

    /// <summary>The directory that it is in; null for the root.</summary>
    public FakeNode? Parent { get; }

    /// <summary>The names below; null for what is not a directory.</summary>
    public Dictionary<string, FakeNode>? Children { get; private init; }

    /// <summary>The content of a file, which is replaced and never changed; null for a directory and a link.</summary>
    public byte[]? Content { get; private set; }

    /// <summary>The text of a link; null for other nodes.</summary>
    public string? Target { get; private init; }

    /// <summary>When the content was written; null for what came from an archive.</summary>
    public DateTimeOffset? Modified { get; private set; }

    /// <summary>The errno of reading the file or listing the directory; 0 if it is readable.</summary>
    public int Errno { get; init; }

    /// <summary>Kind, permissions and owner, if an archive says so.</summary>
    public FileStatus? Status { get; init; }

    public static FakeNode Directory(FakeNode? parent, int errno = 0) => new(parent) { Children = new(StringComparer.Ordinal), Errno = errno };

    public static FakeNode Link(FakeNode parent, string target) => new(parent) { Target = target };

    public static FakeNode File(FakeNode parent, byte[] content)
    {
        var file = new FakeNode(parent);
        file.Write(content);
        return file;
    }

    public static FakeNode Captured(FakeNode parent, byte[] content, int errno, FileStatus? status) => new(parent) { Content = content, Errno = errno, Status = status };

    public void Write(byte[] content) => (Content, Modified) = (content, TimeProvider.System.GetUtcNow());

    public FakeNode? Child(ReadOnlySpan<char> name) => Children!.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(name, out var child) ? child : null;
}
