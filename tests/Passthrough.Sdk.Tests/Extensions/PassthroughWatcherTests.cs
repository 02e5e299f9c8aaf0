using System.Threading.Channels;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using Moq;
using Passthrough.Sdk.DesiredState;
using Passthrough.Sdk.Extensions;
using Passthrough.Sdk.Host;
using Passthrough.Sdk.Host.Changes;
using Passthrough.Sdk.Libvirt;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Readiness;
using Passthrough.Sdk.Testing;

namespace Passthrough.Sdk.Tests.Extensions;

public sealed class PassthroughWatcherTests : IDisposable
{
    private static readonly PciAddress Nic = PciAddress.Parse("0000:01:00.0");

    private readonly FakeHost _fake = ReadyHost.Create();
    private readonly FakeLogCollector _log = new();
    private readonly Mock<IPassthroughHost> _host = new();
    private readonly Channel<HostChange> _changes = Channel.CreateUnbounded<HostChange>();
    private readonly HostApplicationBuilder _builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(null);

    public PassthroughWatcherTests()
    {
        _host.Setup(host => host.Source).Returns("/");
        _host.Setup(host => host.Capture(It.IsAny<CaptureOptions>())).Returns((CaptureOptions options) => PassthroughHost.At(_fake.Root).Capture(options));
        _host.Setup(host => host.CheckState(It.IsAny<HostState>())).Returns((HostState state) => PassthroughHost.At(_fake.Root).CheckState(state));
        _host.Setup(host => host.WatchAsync(It.IsAny<CaptureOptions>(), It.IsAny<CancellationToken>()))
            .Returns((CaptureOptions _, CancellationToken token) => _changes.Reader.ReadAllAsync(token));
        _builder.Logging.AddProvider(new FakeLoggerProvider(_log));
        _builder.Services.AddSingleton(_host.Object);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _fake.Dispose();

    [Fact]
    public async Task A_change_of_a_device_is_published_and_after_it_what_it_means_for_readiness()
    {
        _builder.Services.AddPassthrough();
        using var host = _builder.Build();
        await using var events = Subscribe(host);
        await host.StartAsync(Token);
        await Until(() => host.Services.GetRequiredService<IHostStatusCache>().Current is not null);

        _fake.Remove("/dev/vfio/vfio");
        _changes.Writer.TryWrite(new(HostChangeKind.Bound, Nic, "e1000e", PassthroughHost.At(_fake.Root).Capture()));

        var change = await Next(events);
        Assert.Equal((PassthroughEventKind.HostChanged, Nic, "e1000e"), (change.Kind, change.Change!.Device, change.Change.Driver));
        var readiness = await Next(events);
        Assert.Equal(PassthroughEventKind.ReadinessChanged, readiness.Kind);
        Assert.Contains(readiness.Appeared, finding => finding.Id == FindingIds.VfioNodeMissing);
        Assert.Same(readiness.Status, host.Services.GetRequiredService<IHostStatusCache>().Current);
        Assert.Contains(_log.GetSnapshot(), record => record.Message.StartsWith($"New finding {FindingIds.VfioNodeMissing} (Error)", StringComparison.Ordinal));
        await host.StopAsync(Token);
    }

    [Fact]
    public async Task Drift_is_published_when_it_appears_and_when_it_is_gone()
    {
        _builder.Services.AddPassthrough(options =>
        {
            options.State = new() { Devices = [new(DeviceSelector.At(PciAddress.Parse("0000:02:00.0")))] };
            options.CheckInterval = TimeSpan.FromMilliseconds(50);
        });
        using var host = _builder.Build();
        await using var events = Subscribe(host);
        await host.StartAsync(Token);

        var drift = await Next(events, PassthroughEventKind.StateChanged);
        Assert.Equal(FindingIds.StateDeviceNotFound, Assert.Single(drift.Appeared).Id);
        _fake.AddPciDevice("0000:02:00.0", driver: "vfio-pci", iommuGroup: 11);

        // Also without a message of the kernel: the next check at the interval sees it.
        Assert.Equal(FindingIds.StateDeviceNotFound, Assert.Single((await Next(events, PassthroughEventKind.StateChanged)).Resolved).Id);
        await host.StopAsync(Token);
    }

    [Fact]
    public async Task A_host_that_cannot_be_watched_is_still_checked()
    {
        _host.Setup(host => host.WatchAsync(It.IsAny<CaptureOptions>(), It.IsAny<CancellationToken>()))
            .Returns((CaptureOptions options, CancellationToken token) => PassthroughHost.At(_fake.Root).WatchAsync(options, token));
        _fake.Remove("/dev/vfio/vfio");
        _builder.Services.AddPassthrough();
        using var host = _builder.Build();
        await using var events = Subscribe(host);
        await host.StartAsync(Token);

        Assert.Contains((await Next(events)).Appeared, finding => finding.Id == FindingIds.VfioNodeMissing);
        await Until(() => _log.GetSnapshot().Any(record => record.Message.Contains("cannot be watched, because it is not this machine", StringComparison.Ordinal)));
        await host.StopAsync(Token);
    }

    [Fact]
    public async Task A_check_and_a_watch_that_fail_are_logged_and_tried_again_and_the_program_goes_on()
    {
        var calls = 0;
        _host.Setup(host => host.Capture(It.IsAny<CaptureOptions>())).Returns((CaptureOptions options) =>
            ++calls < 3 ? throw new HostSourceException("/", "no permission") : PassthroughHost.At(_fake.Root).Capture(options));
        _host.Setup(host => host.WatchAsync(It.IsAny<CaptureOptions>(), It.IsAny<CancellationToken>())).Throws(new HostSourceException("netlink", "no permission"));
        _builder.Services.AddPassthrough(options => options.CheckInterval = TimeSpan.FromMilliseconds(20));
        using var host = _builder.Build();
        await host.StartAsync(Token);

        await Until(() => host.Services.GetRequiredService<IHostStatusCache>().Current is not null);

        Assert.Contains(_log.GetSnapshot(), record => record.Level == LogLevel.Error && record.Message.StartsWith("The host / cannot be checked", StringComparison.Ordinal));
        Assert.Contains(_log.GetSnapshot(), record => record.Level == LogLevel.Warning && record.Message.StartsWith("The watch of the devices of / ended", StringComparison.Ordinal));
        await host.StopAsync(Token);
    }

    [Fact]
    public async Task Connections_are_opened_and_opened_again_when_they_die()
    {
        var opened = 0;
        var alive = true;
        _builder.Services.AddPassthrough(options => options.CheckInterval = TimeSpan.FromMilliseconds(20)).AddLibvirtConnection("local", null, options => options.Open = (_, _) =>
        {
            Interlocked.Increment(ref opened);
            Volatile.Write(ref alive, true);
            var connection = new Mock<ILibvirtConnection>();
            connection.Setup(each => each.IsAlive()).Returns(() => Volatile.Read(ref alive));
            return connection.Object;
        });
        using var host = _builder.Build();
        await host.StartAsync(Token);
        await Until(() => Volatile.Read(ref opened) == 1);

        Volatile.Write(ref alive, false);

        await Until(() => Volatile.Read(ref opened) == 2);
        await host.StopAsync(Token);
    }

    [Fact]
    public async Task Without_the_option_nothing_is_read()
    {
        _builder.Services.AddPassthrough(options => options.WatchesHost = false);
        using var host = _builder.Build();
        await host.StartAsync(Token);
        await host.StopAsync(Token);

        _host.Verify(each => each.Capture(It.IsAny<CaptureOptions>()), Times.Never);
        _host.Verify(each => each.WatchAsync(It.IsAny<CaptureOptions>(), It.IsAny<CancellationToken>()), Times.Never);
    }

    private static IAsyncEnumerator<PassthroughEvent> Subscribe(IHost host) =>
        host.Services.GetRequiredService<IPassthroughEvents>().Subscribe().GetAsyncEnumerator(Token);

    private static async Task<PassthroughEvent> Next(IAsyncEnumerator<PassthroughEvent> events, PassthroughEventKind? kind = null)
    {
        do
        {
            Assert.True(await events.MoveNextAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30), Token));
        }
        while (kind is not null && events.Current.Kind != kind);
        return events.Current;
    }

    private static async Task Until(Func<bool> holds)
    {
        for (var i = 0; i < 3000 && !holds(); i++)
        {
            await Task.Delay(10, Token);
        }

        Assert.True(holds());
    }
}
