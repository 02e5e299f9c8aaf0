using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Moq;
using Passthrough.Sdk.DesiredState;
using Passthrough.Sdk.Extensions;
using Passthrough.Sdk.Host;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Readiness;
using Passthrough.Sdk.Testing;

namespace Passthrough.Sdk.Tests.Extensions;

public sealed class HostStatusCacheTests : IDisposable
{
    private readonly FakeHost _fake = ReadyHost.Create();
    private readonly FakeTimeProvider _time = new();
    private readonly PassthroughMetrics _metrics = new(null);
    private readonly PassthroughOptions _options = new();
    private readonly Mock<IPassthroughHost> _host = new();
    private Func<HostSnapshot> _capture;
    private int _captures;

    public HostStatusCacheTests()
    {
        _capture = () => PassthroughHost.At(_fake.Root).Capture();
        _host.Setup(host => host.Capture(It.IsAny<CaptureOptions>())).Returns(() =>
        {
            Interlocked.Increment(ref _captures);
            return _capture();
        });
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _metrics.Dispose();
        _fake.Dispose();
    }

    [Fact]
    public async Task A_status_is_read_once_for_its_lifetime()
    {
        var cache = Cache();
        Assert.Null(cache.Current);

        var first = await cache.GetAsync(Token);
        _time.Advance(_options.SnapshotLifetime - TimeSpan.FromTicks(1));
        Assert.Same(first, await cache.GetAsync(Token));
        Assert.Same(first, cache.Current);
        _time.Advance(TimeSpan.FromTicks(1));

        Assert.NotSame(first, await cache.GetAsync(Token));
        Assert.Equal(2, _captures);
    }

    [Fact]
    public async Task A_change_makes_it_invalid()
    {
        var cache = Cache();
        var first = await cache.GetAsync(Token);

        cache.Invalidate();

        Assert.NotSame(first, await cache.GetAsync(Token));
    }

    [Fact]
    public async Task However_many_ask_the_host_is_read_once()
    {
        using var goes = new ManualResetEventSlim();
        var capture = _capture;
        _capture = () =>
        {
            goes.Wait(Token);
            return capture();
        };
        var cache = Cache();

        var all = Enumerable.Range(0, 20).Select(_ => cache.GetAsync(Token).AsTask()).ToList();
        goes.Set();

        Assert.Single((await Task.WhenAll(all)).Distinct());
        Assert.Equal(1, _captures);
    }

    [Fact]
    public async Task Who_asks_after_a_change_does_not_get_a_reading_that_began_before_it_and_all_share_the_next()
    {
        using var began = new SemaphoreSlim(0);
        using var goes = new SemaphoreSlim(0);
        var capture = _capture;
        _capture = () =>
        {
            began.Release();
            goes.Wait(Token);
            return capture();
        };
        var cache = Cache();
        var before = cache.GetAsync(Token).AsTask();
        await began.WaitAsync(Token);

        cache.Invalidate();
        var after = Enumerable.Range(0, 5).Select(_ => cache.GetAsync(Token).AsTask()).ToList();
        cache.Invalidate(); // the next reading has not begun, so it sees this change as well
        after.Add(cache.GetAsync(Token).AsTask());
        goes.Release(2);

        var old = await before;
        Assert.NotSame(old, Assert.Single((await Task.WhenAll(after)).Distinct()));
        Assert.Equal(2, _captures);
        Assert.NotSame(old, await cache.GetAsync(Token));
        Assert.Equal(2, _captures);
    }

    [Fact]
    public async Task A_refresh_reads_again_while_others_still_get_the_valid_status()
    {
        var cache = Cache();
        var first = await cache.GetAsync(Token);
        using var goes = new ManualResetEventSlim();
        var capture = _capture;
        _capture = () =>
        {
            goes.Wait(Token);
            return capture();
        };

        var refresh = cache.RefreshAsync(Token);
        Assert.Same(first, await cache.GetAsync(Token));
        goes.Set();

        Assert.NotSame(first, await refresh);
        Assert.Same(await refresh, cache.Current);
    }

    [Fact]
    public async Task A_failure_reaches_all_who_wait_and_the_next_call_tries_again()
    {
        var capture = _capture;
        _capture = () => throw new HostSourceException("/", "no permission");
        var cache = Cache();
        await Assert.ThrowsAsync<HostSourceException>(() => cache.GetAsync(Token).AsTask());
        Assert.Null(cache.Current);

        _capture = capture;

        Assert.True((await cache.GetAsync(Token)).Readiness.IsReady);
    }

    [Fact]
    public async Task A_wait_that_is_cancelled_does_not_end_the_reading()
    {
        using var goes = new ManualResetEventSlim();
        var capture = _capture;
        _capture = () =>
        {
            goes.Wait(Token);
            return capture();
        };
        var cache = Cache();
        using var cancelled = new CancellationTokenSource();
        var impatient = cache.GetAsync(cancelled.Token).AsTask();
        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => impatient);

        var patient = cache.GetAsync(Token).AsTask();
        goes.Set();
        await patient;

        Assert.Equal(1, _captures);
    }

    [Fact]
    public async Task The_devices_of_the_options_are_checked_with_their_details()
    {
        var address = PciAddress.Parse("0000:09:00.0");
        _options.Devices = [address];
        CaptureOptions? asked = null;
        _host.Setup(host => host.Capture(It.IsAny<CaptureOptions>())).Returns((CaptureOptions options) =>
        {
            asked = options;
            return _capture();
        });

        var status = await Cache().GetAsync(Token);

        Assert.Equal([address], asked!.DetailsOf);
        Assert.Contains(status.Readiness, finding => finding.Id == FindingIds.DeviceNotFound);
    }

    [Fact]
    public async Task The_file_of_the_state_is_read_at_each_check_and_a_broken_one_is_said()
    {
        _host.Setup(host => host.CheckState(It.IsAny<HostState>())).Returns((HostState state) => PassthroughHost.At(_fake.Root).CheckState(state));
        _fake.WriteFile("/etc/state.json", """{ "version": 1, "devices": [ { "select": { "address": "0000:01:00.0" } } ] }""");
        _options.StateFile = _fake.PathOf("/etc/state.json");
        var cache = Cache();

        var status = await cache.GetAsync(Token);
        Assert.Equal((true, null), (status.State!.HasDrifted, status.StateProblem));

        _fake.WriteFile("/etc/state.json", "{");
        status = await cache.RefreshAsync(Token);
        Assert.Null(status.State);
        Assert.StartsWith($"the desired state in '{_options.StateFile}' cannot be compared with the host: ", status.StateProblem);
        Assert.True(status.Readiness.IsReady);
    }

    private HostStatusCache Cache()
    {
        var options = Options.Create(_options);
        return new(new(_host.Object, options), options, _time, _metrics, NullLogger<HostStatusCache>.Instance);
    }
}
