using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Sysfs;

namespace Passthrough.Sdk.Tests.Sysfs;

/// <summary>A host on which a driver holds a device's lock: who reads what the kernel shows under it waits until the end of the test.</summary>
internal sealed class StuckSysfs(ISysfs inner) : DelegatingSysfs(inner), IDisposable
{
    private readonly ManualResetEventSlim _released = new();

    public override int TryRead(string path, Span<byte> buffer, out int length)
    {
        if (path[(path.LastIndexOf('/') + 1)..] is "uevent" or "driver_override" or "sriov_numvfs")
        {
            _released.Wait();
        }

        return base.TryRead(path, buffer, out length);
    }

    public override int TryOpenCursor(string path, out ISysfsCursor? cursor)
    {
        var errno = base.TryOpenCursor(path, out var opened);
        opened?.Dispose();
        cursor = errno == Errno.Success ? new PathCursor(this, path) : null;
        return errno;
    }

    // The event itself is left to whoever still waits for it.
    public void Dispose() => _released.Set();
}
