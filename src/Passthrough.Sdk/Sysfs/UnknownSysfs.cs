using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.Sysfs;

/// <summary>A host none of whose files can be asked for: every answer is that the source does not say (ENODATA).</summary>
/// <remarks>What is read from it is unknown with the path as its source, which is not the same as absent. Thread safety: immutable.</remarks>
internal sealed class UnknownSysfs : ISysfs
{
    public int TryRead(string path, Span<byte> buffer, out int length)
    {
        length = 0;
        return Errno.NoData;
    }

    public int TryReadAll(string path, int limit, out byte[] content)
    {
        content = [];
        return Errno.NoData;
    }

    public int TryReadLink(string path, out string target)
    {
        target = "";
        return Errno.NoData;
    }

    public int TryList(string path, ICollection<string> names) => Errno.NoData;

    public int TryStatus(string path, out FileStatus status)
    {
        status = default;
        return Errno.NoData;
    }

    public int TryWrite(string path, ReadOnlySpan<byte> content) => Errno.NoData;

    public int TryOpenCursor(string path, out ISysfsCursor? cursor)
    {
        cursor = null;
        return Errno.NoData;
    }

    public int TryReadKernelLog(out string text)
    {
        text = "";
        return Errno.NoData;
    }

    public int TryAskXen(out string text)
    {
        text = "";
        return Errno.NoData;
    }

    public int TryClaim(string path, string number) => Errno.NoData;
}
