using System.Runtime.CompilerServices;
using Passthrough.Sdk.Libvirt;

namespace Passthrough.Sdk.LibvirtTests.Remote;

/// <summary>A daemon that is stopped (SIGSTOP) accepts connections and answers nothing. Nobody waits for it longer than they agreed to.</summary>
/// <remarks>Without keepalive it is never given up: whatever waits for it here would wait for ever, and the test with it.</remarks>
public sealed class StoppedDaemonTests : IDisposable
{
    private static readonly LibvirtConnectionOptions NeverGivenUp = new() { KeepAliveInterval = TimeSpan.Zero };
    private static readonly LibvirtConnectionOptions SoonGivenUp = new() { KeepAliveInterval = TimeSpan.FromSeconds(1), KeepAliveCount = 1 };

    private readonly Daemon _daemon = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _daemon.Dispose();

    [Fact]
    public Task Opening_ends_at_its_limit_and_what_opens_later_is_closed() => Within(() =>
    {
        _daemon.Stop();
        var error = Assert.Throws<LibvirtTimeoutException>(() => _daemon.Open(NeverGivenUp with { OpenTimeout = TimeSpan.FromMilliseconds(300) }));
        Assert.StartsWith($"cannot connect to '{_daemon.Uri}': libvirt does not answer within 0.3 s; ", error.Message, StringComparison.Ordinal);
        _daemon.Continue();
        using var libvirt = _daemon.Open();
        Assert.True(libvirt.IsAlive());
        return Task.CompletedTask;
    });

    [Fact]
    public Task Opening_can_be_cancelled() => Within(async () =>
    {
        _daemon.Stop();
        using var cancel = new CancellationTokenSource(TimeSpan.FromMilliseconds(300));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => LibvirtConnection.OpenAsync(_daemon.Uri, NeverGivenUp, cancel.Token));
    });

    [Fact]
    public Task Disposing_does_not_wait_for_the_daemon() => Within(() =>
    {
        var libvirt = _daemon.Open(NeverGivenUp);
        var events = libvirt.SubscribeDomainEvents();
        var devices = libvirt.SubscribeNodeDeviceEvents();
        var domain = libvirt.GetDomain("test");
        _daemon.Stop();
        events.Dispose();
        libvirt.Dispose();
        domain.Dispose();
        devices.Dispose();
        Assert.Throws<ObjectDisposedException>(libvirt.GetHostname);
        return Task.CompletedTask;
    });

    [Fact]
    public Task No_finaliser_waits_for_the_daemon() => Within(() =>
    {
        Forget(_daemon);
        _daemon.Stop();
        for (var i = 0; i < 3; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        return Task.CompletedTask;
    });

    [Fact]
    public Task Disposing_during_a_call_without_an_answer_returns() => Within(async () =>
    {
        var libvirt = _daemon.Open(NeverGivenUp);
        _daemon.Stop();
        var call = Task.Run(libvirt.GetHostname, Cancel);
        var subscribing = Task.Run(libvirt.SubscribeDomainEvents, Cancel);
        await Task.Delay(200, Cancel);
        libvirt.Dispose();
        _daemon.Continue();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => subscribing);

        // On a busy machine, it begins too late.
        Assert.True(await Record.ExceptionAsync(() => call) is null or ObjectDisposedException);
    });

    [Fact]
    public Task A_call_ends_at_its_limit_and_the_connection_goes_on() => Within(async () =>
    {
        using var libvirt = _daemon.Open(NeverGivenUp);
        _daemon.Stop();
        var error = await Assert.ThrowsAsync<LibvirtTimeoutException>(() => libvirt.CallAsync(l => l.GetDomains(), TimeSpan.FromMilliseconds(200), Cancel));
        Assert.Contains("still in progress", error.Message, StringComparison.Ordinal);
        using var cancel = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => libvirt.CallAsync(l => l.GetHostname(), Timeout.InfiniteTimeSpan, cancel.Token));
        _daemon.Continue();
        Assert.Equal("TEST", await libvirt.CallAsync(l => l.GetDriverType(), TimeSpan.FromSeconds(60), Cancel));
    });

    [Fact]
    public Task More_calls_than_a_daemon_handles_wait_for_their_turn_within_their_limit() => Within(async () =>
    {
        using var libvirt = _daemon.Open(NeverGivenUp);
        _daemon.Stop();
        var calls = Enumerable.Range(0, 20).Select(_ => libvirt.CallAsync(l => l.GetHostname(), TimeSpan.FromMilliseconds(300), Cancel)).ToList();
        foreach (var call in calls)
        {
            await Assert.ThrowsAsync<LibvirtTimeoutException>(() => call);
        }

        _daemon.Continue();
        Assert.NotEmpty(await libvirt.CallAsync(l => l.GetHostname(), TimeSpan.FromSeconds(60), Cancel));
    });

    [Fact]
    public Task A_daemon_that_is_given_up_is_a_lost_connection_for_everything() => Within(async () =>
    {
        var lost = new TaskCompletionSource<LibvirtException>();
        using var libvirt = _daemon.Open(SoonGivenUp with { Lost = lost.SetResult });
        using var events = libvirt.SubscribeDomainEvents();
        using var domain = libvirt.GetDomain("test");
        using var device = libvirt.GetNodeDevice("computer");
        _daemon.Stop();
        LostConnection.Check(libvirt, domain, device);
        await LostConnection.CheckEnd(events, Cancel);
        Assert.Contains("no longer answers", (await lost.Task).Message, StringComparison.Ordinal);
    });

    // Whatever waits for ever ends as a failure.
    private static Task Within(Func<Task> test) => Task.Run(test, Cancel).WaitAsync(TimeSpan.FromMinutes(2), Cancel);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Forget(Daemon daemon)
    {
#pragma warning disable PTS0002 // What becomes of handles that nobody disposes of is what is tested.
        var libvirt = daemon.Open(NeverGivenUp);
        _ = libvirt.SubscribeDomainEvents();
        _ = libvirt.GetDomain("test");
        _ = libvirt.GetDomains();
#pragma warning restore PTS0002
    }
}
