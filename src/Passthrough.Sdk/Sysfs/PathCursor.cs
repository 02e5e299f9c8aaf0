using System.Text;
using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.Sysfs;

/// <summary>A cursor that only remembers where it stands, for those that have no open directories.</summary>
internal sealed class PathCursor(ISysfs sysfs, string path) : ISysfsCursor
{
    private string? _current;

    public int TryEnter(string name)
    {
        var entered = $"{path}/{name}";
        var errno = sysfs.TryStatus(entered, out var status);
        if (errno == Errno.Success && status.Kind != FileKind.Directory)
        {
            errno = Errno.NotDirectory;
        }

        _current = errno == Errno.Success ? entered : null;
        return errno;
    }

    public int TryRead(ReadOnlySpan<byte> name, Span<byte> buffer, out int length)
    {
        length = 0;
        return _current is null ? Errno.NotFound : sysfs.TryRead($"{_current}/{Encoding.UTF8.GetString(name)}", buffer, out length);
    }

    public int TryReadLink(ReadOnlySpan<byte> name, Span<byte> buffer, out int length)
    {
        length = 0;
        if (_current is null)
        {
            return Errno.NotFound;
        }

        var errno = sysfs.TryReadLink($"{_current}/{Encoding.UTF8.GetString(name)}", out var target);
        if (errno == Errno.Success)
        {
            Encoding.UTF8.TryGetBytes(target, buffer, out length);
        }

        return errno;
    }

    public void Dispose()
    {
    }
}
