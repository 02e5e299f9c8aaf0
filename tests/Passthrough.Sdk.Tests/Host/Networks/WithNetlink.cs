using Passthrough.Sdk.Sysfs;
using Passthrough.Sdk.Sysfs.Netlink;

namespace Passthrough.Sdk.Tests.Host.Networks;

/// <summary>Files with a kernel behind them.</summary>
internal sealed class WithNetlink(ISysfs files, INetlinkSource netlink) : ISysfs
{
    public INetlinkSource Netlink => netlink;

    public int TryRead(string path, Span<byte> buffer, out int length) => files.TryRead(path, buffer, out length);

    public int TryReadAll(string path, int limit, out byte[] content) => files.TryReadAll(path, limit, out content);

    public int TryReadLink(string path, out string target) => files.TryReadLink(path, out target);

    public int TryList(string path, ICollection<string> names) => files.TryList(path, names);

    public int TryStatus(string path, out FileStatus status) => files.TryStatus(path, out status);

    public int TryWrite(string path, ReadOnlySpan<byte> content) => files.TryWrite(path, content);

    public int TryOpenCursor(string path, out ISysfsCursor? cursor) => files.TryOpenCursor(path, out cursor);
}
