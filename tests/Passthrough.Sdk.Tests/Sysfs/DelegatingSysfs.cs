using Passthrough.Sdk.Sysfs;

namespace Passthrough.Sdk.Tests.Sysfs;

/// <summary>Hands everything on; a test overrides what shall fail, hang or be counted.</summary>
internal class DelegatingSysfs(ISysfs inner) : ISysfs
{
    public virtual int TryRead(string path, Span<byte> buffer, out int length) => inner.TryRead(path, buffer, out length);

    public virtual int TryReadAll(string path, int limit, out byte[] content) => inner.TryReadAll(path, limit, out content);

    public virtual int TryReadLink(string path, out string target) => inner.TryReadLink(path, out target);

    public virtual int TryList(string path, ICollection<string> names) => inner.TryList(path, names);

    public virtual int TryStatus(string path, out FileStatus status) => inner.TryStatus(path, out status);

    public virtual int TryWrite(string path, ReadOnlySpan<byte> content) => inner.TryWrite(path, content);

    public virtual int TryOpenCursor(string path, out ISysfsCursor? cursor) => inner.TryOpenCursor(path, out cursor);
}
