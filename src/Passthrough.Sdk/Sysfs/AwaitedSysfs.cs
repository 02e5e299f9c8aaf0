using Passthrough.Sdk.Sysfs.Netlink;

namespace Passthrough.Sdk.Sysfs;

/// <summary>
/// Knows the writes that have not returned: after its deadline, a write continues in the kernel and may yet take effect, so nothing
/// that is read meanwhile is the final state.
/// </summary>
/// <remarks>Thread safety: all members may be called from several threads at the same time.</remarks>
internal sealed class AwaitedSysfs(ISysfs inner) : ISysfs
{
    private readonly Lock _gate = new();
    private readonly List<(string Path, TaskCompletionSource Done)> _pending = [];

    public INetlinkSource? Netlink => inner.Netlink;

    public bool CanWait => inner.CanWait;

    public bool RunsPrograms => inner.RunsPrograms;

    public int TryRead(string path, Span<byte> buffer, out int length) => inner.TryRead(path, buffer, out length);

    public int TryReadAll(string path, int limit, out byte[] content) => inner.TryReadAll(path, limit, out content);

    public int TryReadLink(string path, out string target) => inner.TryReadLink(path, out target);

    public int TryList(string path, ICollection<string> names) => inner.TryList(path, names);

    public int TryStatus(string path, out FileStatus status) => inner.TryStatus(path, out status);

    public int TryWrite(string path, ReadOnlySpan<byte> content)
    {
        var write = (path, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        lock (_gate)
        {
            _pending.Add(write);
        }

        try
        {
            return inner.TryWrite(path, content);
        }
        finally
        {
            lock (_gate)
            {
                _pending.Remove(write);
            }

            write.Item2.SetResult();
        }
    }

    public int TryOpenCursor(string path, out ISysfsCursor? cursor) => inner.TryOpenCursor(path, out cursor);

    public int TryReadKernelLog(out string text) => inner.TryReadKernelLog(out text);

    public int TryAskXen(out string text) => inner.TryAskXen(out text);

    public void Keep(string path, string text) => inner.Keep(path, text);

    public int TryClaim(string path, string number) => inner.TryClaim(path, number);

    public int TryReadLoop(string path, string number, out string? backing) => inner.TryReadLoop(path, number, out backing);

    /// <summary>Waits until every write has returned.</summary>
    /// <param name="limit">The maximum time to wait.</param>
    /// <param name="time">The clock.</param>
    /// <returns>The reason why what happens next is unknown, with the file of a write that has not returned; null if all have.</returns>
    public async Task<string?> SettleAsync(TimeSpan limit, TimeProvider time)
    {
        List<(string Path, TaskCompletionSource Done)> pending;
        lock (_gate)
        {
            pending = [.. _pending];
        }

        try
        {
            await Task.WhenAll(pending.Select(write => write.Done.Task)).WaitAsync(limit, time).ConfigureAwait(false);
            return null;
        }
        catch (TimeoutException)
        {
            return pending.Find(write => !write.Done.Task.IsCompleted).Path is not { } path
                ? null // it returned at this moment
                : $"a write to {path} is still in progress and may take effect later, because a driver waits for a program that uses the device; find that program and end it";
        }
    }
}
