using System.IO.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Sysfs;

namespace Passthrough.Sdk.Tests.Sysfs;

public sealed class SysfsWriterTests
{
    private delegate int Write(string path, ReadOnlySpan<byte> content);

    [Theory]
    [InlineData(Errno.Success)]
    [InlineData(Errno.Busy)]
    public async Task A_write_that_ends_says_how(int errno)
    {
        var sysfs = Writing((_, content) => content.SequenceEqual("0000:01:00.0"u8) ? errno : Errno.Invalid);

        Assert.Equal(errno, await sysfs.WriteAsync("/unbind", "0000:01:00.0", Timeout.InfiniteTimeSpan, TimeProvider.System, default));
    }

    [Fact]
    public async Task A_write_that_hangs_is_left_behind_at_the_deadline()
    {
        using var release = new ManualResetEventSlim();
        var time = new FakeTimeProvider();
        var sysfs = Writing((_, _) =>
        {
            release.Wait();
            return Errno.Success;
        });

        var write = sysfs.WriteAsync("/unbind", "0000:01:00.0", TimeSpan.FromSeconds(30), time, default);
        time.Advance(TimeSpan.FromSeconds(29));
        Assert.False(write.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(2));

        Assert.Equal(Errno.TimedOut, await write);
        release.Set();
    }

    [Fact]
    public async Task Cancelling_ends_the_waiting()
    {
        using var release = new ManualResetEventSlim();
        using var cancel = new CancellationTokenSource();
        var sysfs = Writing((_, _) =>
        {
            release.Wait();
            return Errno.Success;
        });

        var write = sysfs.WriteAsync("/unbind", "x", Timeout.InfiniteTimeSpan, TimeProvider.System, cancel.Token);
        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => write);
        release.Set();
    }

    private static Scripted Writing(Write write) => new Scripted(write);

    private sealed class Scripted(Write write) : DelegatingSysfs(new FileSystemSysfs(new FileSystem(), "/nowhere"))
    {
        public override int TryWrite(string path, ReadOnlySpan<byte> content) => write(path, content);
    }
}
