using System.Text;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Sysfs;

namespace Passthrough.Sdk.Testing.Trees;

/// <summary>Goes through the directories of one directory in memory.</summary>
internal sealed class FakeTreeCursor(FakeTree tree, FakeNode directory) : ISysfsCursor
{
    private const int MostName = 255; // of the kernel: NAME_MAX

    private FakeNode? _current;

    public int TryEnter(string name)
    {
        var errno = tree.TryResolve(directory, name, followLast: true, out _current);
        if (errno == Errno.Success && _current!.Children is null)
        {
            errno = Errno.NotDirectory;
        }

        _current = errno == Errno.Success ? _current : null;
        return errno;
    }

    public int TryRead(ReadOnlySpan<byte> name, Span<byte> buffer, out int length) => FakeTree.ReadNode(TryFind(name, followLast: true, out var node), node, buffer, out length);

    public int TryReadLink(ReadOnlySpan<byte> name, Span<byte> buffer, out int length)
    {
        length = 0;
        var errno = FakeTree.ReadLink(TryFind(name, followLast: false, out var node), node, out var target);
        if (errno == Errno.Success)
        {
            Encoding.UTF8.TryGetBytes(target, buffer, out length);
        }

        return errno;
    }

    public void Dispose()
    {
    }

    private int TryFind(ReadOnlySpan<byte> name, bool followLast, out FakeNode? node)
    {
        node = null;
        Span<char> text = stackalloc char[MostName];
        return _current is null || !Encoding.UTF8.TryGetChars(name, text, out var length) ? Errno.NotFound : tree.TryResolve(_current, text[..length], followLast, out node);
    }
}
