using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Time.Testing;
using Moq;
using Passthrough.Sdk.Extensions;
using Passthrough.Sdk.Libvirt;
using Passthrough.Sdk.Testing;

namespace Passthrough.Sdk.Tests.Extensions;

public sealed class LibvirtConnectionSourceTests : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly PassthroughMetrics _metrics = new(null);
    private readonly List<Mock<ILibvirtConnection>> _opened = [];
    private readonly LibvirtSourceOptions _options = new() { Uri = "qemu:///system" };
    private readonly LibvirtConnectionSource _source;
    private readonly FakeLogCollector _log = new();
    private readonly ILoggerFactory _loggers;
    private readonly List<Action<LibvirtException>> _lost = [];
    private Exception? _error;

    public LibvirtConnectionSourceTests()
    {
        _options.Open = (_, options) =>
        {
            if (_error is not null)
            {
                throw _error;
            }

            _lost.Add(options.Lost!);

            var connection = new Mock<ILibvirtConnection>();
            connection.Setup(each => each.IsAlive()).Returns(true);
            connection.Setup(each => each.Uri).Returns("qemu:///system");
            _opened.Add(connection);
            return connection.Object;
        };
        _loggers = LoggerFactory.Create(logging => logging.AddProvider(new FakeLoggerProvider(_log)));
        _source = new("local", _options, _time, _metrics, _loggers);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _source.Dispose();
        _metrics.Dispose();
        _loggers.Dispose();
    }

    [Fact]
    public async Task Each_attempt_and_each_loss_is_logged_once_in_one_line()
    {
        _error = FakeLibvirt.Error(LibvirtErrorCode.NoConnect, "Failed to connect socket");
        await Assert.ThrowsAsync<LibvirtUnavailableException>(() => _source.GetAsync(Token));
        await Assert.ThrowsAsync<LibvirtUnavailableException>(() => _source.GetAsync(Token));
        _error = null;
        _time.Advance(TimeSpan.FromSeconds(1));
        await _source.GetAsync(Token);
        _opened[0].Setup(each => each.IsAlive()).Returns(false);
        Assert.Equal((LibvirtSourceState.Lost, LibvirtSourceState.Lost), (_source.State, _source.State));

        Assert.Equal(
            [
                (LogLevel.Warning, "The libvirt connection local is not open: Failed to connect socket; the next attempt is possible in 00:00:01"),
                (LogLevel.Information, "The libvirt connection local is open: qemu:///system"),
                (LogLevel.Warning, "The libvirt connection local to qemu:///system is lost; it is opened again when it is asked for"),
            ],
            _log.GetSnapshot().Select(record => (record.Level, record.Message)));
        Assert.All(_log.GetSnapshot(), record => Assert.Null(record.Exception));
    }

    // libvirt's close event comes once, on another thread, and perhaps late.
    [Fact]
    public async Task A_loss_that_libvirt_reports_is_logged_and_dropped_at_once_and_only_once()
    {
        await _source.GetAsync(Token);
        _opened[0].Setup(each => each.IsAlive()).Throws(new InvalidOperationException("nobody asks it any more"));

        _lost[0](FakeLibvirt.Error(LibvirtErrorCode.Rpc, "the other end closed it"));

        Assert.Equal("The libvirt connection local to qemu:///system is lost; it is opened again when it is asked for", _log.LatestRecord.Message);
        Assert.Equal(LibvirtSourceState.Lost, _source.State);
        Assert.Same(await _source.GetAsync(Token), _opened[1].Object);
        _lost[0](FakeLibvirt.Error(LibvirtErrorCode.Rpc, "again")); // of the connection before
        Assert.Equal(LibvirtSourceState.Connected, _source.State);
        Assert.Equal(1, _log.GetSnapshot().Count(record => record.Level == LogLevel.Warning));
    }

    [Fact]
    public async Task A_connection_that_is_lost_while_it_is_opened_is_found_dead_by_the_next_request()
    {
        var open = _options.Open;
        _options.Open = (uri, options) =>
        {
            var connection = open(uri, options);
            _opened[0].Setup(each => each.IsAlive()).Returns(false);
            _lost[0](FakeLibvirt.Error(LibvirtErrorCode.Rpc, "the other end closed it"));
            return connection;
        };
        await _source.GetAsync(Token);

        Assert.Equal(LibvirtSourceState.Lost, _source.State);
        Assert.Equal(1, _log.GetSnapshot().Count(record => record.Level == LogLevel.Warning));
    }

    [Fact]
    public async Task A_connection_is_opened_at_the_first_request_and_kept_while_it_is_alive()
    {
        Assert.Equal(LibvirtSourceState.NotOpened, _source.State);

        var first = await _source.GetAsync(Token);

        Assert.Same(first, await _source.GetAsync(Token));
        Assert.Equal((LibvirtSourceState.Connected, null), (_source.State, _source.LastError));
        Assert.Single(_opened);
    }

    [Fact]
    public async Task A_dead_connection_is_replaced_at_the_next_request_and_left_to_whoever_has_it()
    {
        var first = await _source.GetAsync(Token);
        _opened[0].Setup(each => each.IsAlive()).Returns(false);
        Assert.Equal(LibvirtSourceState.Lost, _source.State);

        var second = await _source.GetAsync(Token);

        Assert.NotSame(first, second);
        _opened[0].Verify(each => each.Dispose(), Times.Never); // a plan may run on it, and must hear libvirt's own error
    }

    [Fact]
    public async Task A_connection_that_does_not_even_say_whether_it_is_alive_is_dead()
    {
        await _source.GetAsync(Token);
        _opened[0].Setup(each => each.IsAlive()).Throws(FakeLibvirt.Error(LibvirtErrorCode.Rpc, "broken"));

        await _source.GetAsync(Token);

        Assert.Equal(2, _opened.Count);
    }

    [Fact]
    public async Task After_failures_the_delay_doubles_up_to_its_maximum_and_a_success_ends_it()
    {
        _error = FakeLibvirt.Error(LibvirtErrorCode.NoConnect, "Failed to connect socket");
        (_options.FirstRetryDelay, _options.MaximumRetryDelay) = (TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(5));
        foreach (var delay in new[] { 2, 4, 5, 5 })
        {
            var failure = await Assert.ThrowsAsync<LibvirtUnavailableException>(() => _source.GetAsync(Token));
            Assert.Equal((TimeSpan.FromSeconds(delay), _error), (failure.RetryAfter, failure.InnerException));
            Assert.Contains("'local' (qemu:///system) is not open: Failed to connect socket", failure.Message);

            // Within the delay nothing is opened, and the answer is immediate.
            _time.Advance(TimeSpan.FromSeconds(delay - 1));
            var early = _source.GetAsync(Token);
            Assert.True(early.IsFaulted);
            Assert.Equal(TimeSpan.FromSeconds(1), (await Assert.ThrowsAsync<LibvirtUnavailableException>(() => early)).RetryAfter);
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal((LibvirtSourceState.Failed, _error), (_source.State, _source.LastError));
        _error = null;
        await _source.GetAsync(Token);
        Assert.Equal((LibvirtSourceState.Connected, null), (_source.State, _source.LastError));

        _opened[0].Setup(each => each.IsAlive()).Returns(false);
        _error = FakeLibvirt.Error(LibvirtErrorCode.NoConnect, "again");
        Assert.Equal(TimeSpan.FromSeconds(2), (await Assert.ThrowsAsync<LibvirtUnavailableException>(() => _source.GetAsync(Token))).RetryAfter);
    }

    [Fact]
    public async Task However_many_ask_one_connection_is_opened_and_a_wait_can_be_cancelled()
    {
        using var goes = new ManualResetEventSlim();
        var open = _options.Open;
        _options.Open = (uri, options) =>
        {
            goes.Wait(Token);
            return open(uri, options);
        };
        using var cancelled = new CancellationTokenSource();
        var impatient = _source.GetAsync(cancelled.Token);
        var all = Enumerable.Range(0, 10).Select(_ => _source.GetAsync(Token)).ToList();
        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => impatient);
        goes.Set();

        Assert.Single((await Task.WhenAll(all)).Distinct());
        Assert.Single(_opened);
    }

    [Fact]
    public async Task The_container_closes_the_connection()
    {
        await _source.GetAsync(Token);

        _source.Dispose();

        _opened[0].Verify(each => each.Dispose(), Times.Once);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => _source.GetAsync(Token));
    }

    [Fact]
    public async Task A_connection_that_is_opened_too_late_is_closed_at_once()
    {
        using var goes = new ManualResetEventSlim();
        var open = _options.Open;
        _options.Open = (uri, options) =>
        {
            goes.Wait(Token);
            return open(uri, options);
        };
        var late = _source.GetAsync(Token);
        _source.Dispose();
        goes.Set();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => late);
        _opened[0].Verify(each => each.Dispose(), Times.Once);
    }
}
