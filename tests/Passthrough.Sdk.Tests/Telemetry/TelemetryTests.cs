using System.Diagnostics;
using System.Threading.Channels;
using Example;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Moq;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;
using Passthrough.Sdk.DesiredState;
using Passthrough.Sdk.Extensions;
using Passthrough.Sdk.Host;
using Passthrough.Sdk.Host.Changes;
using Passthrough.Sdk.Libvirt;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Plans;
using Passthrough.Sdk.Telemetry;
using Passthrough.Sdk.Testing;
using Passthrough.Sdk.Tests.Extensions;

namespace Passthrough.Sdk.Tests.Telemetry;

/// <summary>What the library reports arrives in OpenTelemetry. The meter is one for the whole process, so nothing else runs beside these tests.</summary>
[CollectionDefinition(nameof(TelemetryTests), DisableParallelization = true)]
[Collection(nameof(TelemetryTests))]
public sealed class TelemetryTests : IDisposable
{
    private readonly FakeHost _fake = ReadyHost.Create();
    private readonly FakeLibvirt _libvirt;
    private readonly List<Activity> _activities = [];
    private readonly List<Metric> _metrics = [];
    private readonly TracerProvider _traces;
    private readonly MeterProvider _meters;

    public TelemetryTests()
    {
        _libvirt = new(_fake);
        _traces = OpenTelemetry.Sdk.CreateTracerProviderBuilder().AddSource(PassthroughTelemetry.Name).AddInMemoryExporter(_activities).Build();
        _meters = OpenTelemetry.Sdk.CreateMeterProviderBuilder().AddMeter(PassthroughTelemetry.Name).AddInMemoryExporter(_metrics).Build();
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _traces.Dispose();
        _meters.Dispose();
        _libvirt.Dispose();
        _fake.Dispose();
    }

    [Fact]
    public void A_capture_arrives_with_its_counts_and_its_time()
    {
        PassthroughHost.At(_fake.Root).Capture(CaptureOptions.DevicesOnly);

        var activity = Assert.Single(_activities);
        Assert.Equal(("passthrough.capture", ActivityStatusCode.Unset), (activity.OperationName, activity.Status));
        Assert.Equal(
            ("devices", _fake.Root, 2, 2),
            (activity.GetTagItem("passthrough.capture.scope"), activity.GetTagItem("passthrough.host.source"), activity.GetTagItem("passthrough.capture.device_count"), activity.GetTagItem("passthrough.capture.iommu_group_count")));
        var (metric, point) = Point("passthrough.capture.duration", ("passthrough.capture.scope", "devices"));
        Assert.Equal(("s", 1L), (metric.Unit, point.GetHistogramCount()));
        Assert.InRange(point.GetHistogramSum(), 0, activity.Duration.TotalSeconds);
    }

    [Fact]
    public async Task A_plan_arrives_with_its_steps_as_one_trace()
    {
        var guest = _libvirt.AddDomain("vm1", isRunning: true);
        var plan = _fake.Open().Plan([PciAddress.Parse("0000:01:00.0")], guest);
        _activities.Clear();

        await plan.ApplyAsync(cancellationToken: Token);

        var root = Assert.Single(_activities, activity => activity.OperationName == "passthrough.plan.apply");
        Assert.Equal(
            ("assign", "applied", plan.Purpose, plan.Steps.Count),
            (root.GetTagItem("passthrough.plan.kind"), root.GetTagItem("passthrough.plan.outcome"), root.GetTagItem("passthrough.plan.purpose"), root.GetTagItem("passthrough.plan.step_count")));
        var steps = _activities.Where(activity => activity.OperationName == "passthrough.plan.step").ToList();
        Assert.Equal(plan.Steps.Select(step => step.Description), steps.Select(step => step.GetTagItem("passthrough.plan.step.description")));
        Assert.All(_activities, activity => Assert.Equal(root.TraceId, activity.TraceId));
        Assert.All(steps, step => Assert.Equal(root.SpanId, step.ParentSpanId));
        Assert.Contains(_activities, activity => activity.OperationName == "passthrough.capture"); // the guards asked again
        Assert.Equal(1, Point("passthrough.plan.duration", ("passthrough.plan.kind", "assign"), ("passthrough.plan.outcome", "applied")).Point.GetHistogramCount());
        Assert.Equal(plan.Steps.Count, Points("passthrough.plan.steps").Where(point => Has(point, "passthrough.plan.step.outcome", "done")).Sum(point => point.GetSumLong()));
    }

    [Fact]
    public async Task A_plan_that_fails_arrives_with_the_error_and_the_steps_that_were_undone()
    {
        var guest = _libvirt.AddDomain("vm1", isRunning: true);
        _libvirt.Calling = call =>
        {
            if (call == "virDomainAttachDeviceFlags")
            {
                throw FakeLibvirt.Error(LibvirtErrorCode.InternalError, "QEMU said no");
            }
        };
        var plan = _fake.Open().Plan([PciAddress.Parse("0000:01:00.0")], guest);

        await Assert.ThrowsAsync<PlanFailedException>(() => plan.ApplyAsync(cancellationToken: Token));

        var root = Assert.Single(_activities, activity => activity.OperationName == "passthrough.plan.apply");
        Assert.Equal((ActivityStatusCode.Error, typeof(PlanFailedException).FullName), (root.Status, root.GetTagItem("error.type")));
        var failed = Assert.Single(_activities, activity => activity.OperationName == "passthrough.plan.step" && activity.Status == ActivityStatusCode.Error);
        Assert.Contains("QEMU said no", failed.StatusDescription);
        Assert.Single(_activities, activity => activity.OperationName == "passthrough.plan.undo");
        Assert.Equal(1, Point("passthrough.plan.duration", ("passthrough.plan.outcome", "failed"), ("error.type", typeof(PlanFailedException).FullName!)).Point.GetHistogramCount());
        Assert.Equal(1, Points("passthrough.plan.steps").Where(point => Has(point, "passthrough.plan.step.outcome", "failed")).Sum(point => point.GetSumLong()));
        Assert.True(Points("passthrough.plan.steps").Where(point => Has(point, "passthrough.plan.step.outcome", "undone")).Sum(point => point.GetSumLong()) >= 1);
    }

    [Fact]
    public async Task A_host_that_is_watched_arrives_with_its_devices_and_its_findings_in_the_same_meter()
    {
        _fake.Remove("/dev/vfio/vfio");
        var builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddPassthrough(options => options.Root = _fake.Root);
        using var host = builder.Build();
        var status = await host.Services.GetRequiredService<IHostStatusCache>().GetAsync(Token);

        Assert.Equal(2, Point("passthrough.devices").Point.GetSumLong());
        Assert.Equal(2, Point("passthrough.iommu_groups").Point.GetSumLong());
        Assert.Equal(1, Point("passthrough.findings", ("passthrough.finding.severity", "error")).Point.GetSumLong());
        Assert.Equal(0, Point("passthrough.findings", ("passthrough.finding.severity", "undetermined")).Point.GetSumLong());
        Assert.Equal(status.Readiness.Count, Points("passthrough.findings").Sum(point => point.GetSumLong()));
        Assert.All(_metrics, metric => Assert.Equal(PassthroughTelemetry.Name, metric.MeterName));
        Assert.Single(_metrics.Select(metric => metric.MeterVersion).Distinct());
        Assert.All(_metrics, metric => Assert.NotEqual("", metric.Unit));
    }

    [Fact]
    public async Task A_recovery_arrives_with_its_entries_and_those_that_it_could_not_undo()
    {
        await LeaveEntryAsync();
        _activities.Clear();

        Assert.False(Assert.Single(await _fake.Open().RecoverAsync(_ => _libvirt, cancellationToken: Token)).IsComplete);
        _libvirt.Calling = null;
        Assert.True(Assert.Single(await _fake.Open().RecoverAsync(_ => _libvirt, cancellationToken: Token)).IsComplete);
        Assert.Empty(await _fake.Open().RecoverAsync(_ => _libvirt, cancellationToken: Token));

        Assert.Equal([(1, 1), (1, 0), (0, 0)], Recoveries().Select(activity => (activity.GetTagItem("passthrough.recovery.entry_count"), activity.GetTagItem("passthrough.recovery.left_count"))));
        Assert.All(Recoveries(), activity => Assert.Equal(ActivityStatusCode.Unset, activity.Status));
    }

    [Fact]
    public async Task A_recovery_that_is_cancelled_arrives_with_the_error_and_what_it_reached()
    {
        await LeaveEntryAsync();
        using var cancel = new CancellationTokenSource();
        var copy = Directory.EnumerateFiles(_fake.PathOf("/var/lib/passthrough/journal"), "*.json").Single();
        File.Copy(copy, Path.Combine(Path.GetDirectoryName(copy)!, "0.json"));
        _libvirt.Calling = _ => cancel.Cancel();

        await Assert.ThrowsAsync<OperationCanceledException>(() => _fake.Open().RecoverAsync(_ => _libvirt, cancellationToken: cancel.Token));

        var activity = Assert.Single(Recoveries());
        Assert.Equal((ActivityStatusCode.Error, typeof(OperationCanceledException).FullName, 1), (activity.Status, activity.GetTagItem("error.type"), activity.GetTagItem("passthrough.recovery.entry_count")));
    }

    [Fact]
    public async Task Differences_from_the_desired_state_arrive_and_without_one_nothing_does()
    {
        HostState? state = null;
        using var host = Build(builder => builder.AddPassthrough(options => (options.Root, options.State) = (_fake.Root, state)));
        await host.Services.GetRequiredService<IHostStatusCache>().GetAsync(Token);
        Assert.Empty(Points("passthrough.state.differences"));

        state = new() { Devices = [new(DeviceSelector.At(PciAddress.Parse("0000:02:00.0"))), new(DeviceSelector.At(PciAddress.Parse("0000:03:00.0")))] };
        using var other = Build(builder => builder.AddPassthrough(options => (options.Root, options.State) = (_fake.Root, state)));
        await other.Services.GetRequiredService<IHostStatusCache>().GetAsync(Token);

        var (metric, point) = Point("passthrough.state.differences");
        Assert.Equal(("{finding}", 2), (metric.Unit, point.GetSumLong()));
        Assert.Empty(TagsOf(point));
    }

    [Fact]
    public async Task Changes_of_the_host_arrive_by_their_kind_and_the_start_of_the_watch_is_none()
    {
        var changes = Channel.CreateUnbounded<HostChange>();
        var watched = new Mock<IPassthroughHost>();
        watched.Setup(each => each.Source).Returns("/");
        watched.Setup(each => each.Capture(It.IsAny<CaptureOptions>())).Returns((CaptureOptions options) => PassthroughHost.At(_fake.Root).Capture(options));
        watched.Setup(each => each.WatchAsync(It.IsAny<CaptureOptions>(), It.IsAny<CancellationToken>()))
            .Returns((CaptureOptions _, CancellationToken token) => changes.Reader.ReadAllAsync(token));
        using var host = Build(builder =>
        {
            builder.AddSingleton(watched.Object);
            return builder.AddPassthrough();
        });
        using var events = host.Services.GetRequiredService<IPassthroughEvents>().Subscribe();
        var snapshot = PassthroughHost.At(_fake.Root).Capture();
        foreach (var kind in (HostChangeKind[])[HostChangeKind.Started, HostChangeKind.Unbound, HostChangeKind.Bound, HostChangeKind.Bound])
        {
            changes.Writer.TryWrite(new(kind, PciAddress.Parse("0000:01:00.0"), "e1000e", snapshot));
        }

        await host.StartAsync(Token);
        var seen = 0;
        await foreach (var happened in events.WithCancellation(Token))
        {
            seen += happened.Kind == PassthroughEventKind.HostChanged ? 1 : 0;
            if (seen == 3)
            {
                break; // an event is published after it is counted
            }
        }

        await host.StopAsync(Token);

        Assert.Equal(("{change}", 2), Said(Point("passthrough.host.changes", ("passthrough.host.change.kind", "bound"))));
        Assert.Equal(("{change}", 1), Said(Point("passthrough.host.changes", ("passthrough.host.change.kind", "unbound"))));
        Assert.Equal(2, Points("passthrough.host.changes").Count);
        Assert.All(Points("passthrough.host.changes"), point => Assert.Equal(["passthrough.host.change.kind"], TagsOf(point)));
    }

    [Fact]
    public async Task A_connection_that_replaces_a_lost_one_arrives_under_its_name_and_the_first_one_does_not()
    {
        using var host = Build(builder => builder.AddPassthrough(options => options.Root = _fake.Root).AddLibvirtConnection("local", "qemu:///system", options => options.Open = (_, _) =>
        {
            _libvirt.IsLost = false;
            return _libvirt;
        }));
        var source = host.Services.GetRequiredKeyedService<ILibvirtConnectionSource>("local");
        await source.GetAsync(Token);
        await source.GetAsync(Token);
        Assert.Empty(Points("passthrough.libvirt.reconnects"));
        Assert.Empty(Points("passthrough.libvirt.losses"));

        _libvirt.IsLost = true;
        Assert.Equal(LibvirtSourceState.Lost, source.State);
        Assert.Equal(("{loss}", 1), Said(Point("passthrough.libvirt.losses", ("passthrough.libvirt.connection.name", "local"))));
        Assert.Equal(["passthrough.libvirt.connection.name"], TagsOf(Assert.Single(Points("passthrough.libvirt.losses"))));
        Assert.Empty(Points("passthrough.libvirt.reconnects"));
        await source.GetAsync(Token);

        Assert.Equal(("{reconnect}", 1), Said(Point("passthrough.libvirt.reconnects", ("passthrough.libvirt.connection.name", "local"))));
        Assert.Equal(["passthrough.libvirt.connection.name"], TagsOf(Assert.Single(Points("passthrough.libvirt.reconnects"))));
    }

    [Fact]
    public void Events_that_a_slow_subscriber_loses_arrive()
    {
        using var host = Build(builder => builder.AddPassthrough(options => (options.Root, options.EventCapacity) = (_fake.Root, 2)));
        var events = host.Services.GetRequiredService<PassthroughEvents>();
        using var subscription = events.Subscribe();
        for (var number = 1; number <= 5; number++)
        {
            events.Publish(new() { Kind = PassthroughEventKind.HostChanged, At = new(number, TimeSpan.Zero) });
        }

        Assert.Equal(("{event}", 3), Said(Point("passthrough.events.missed")));
        Assert.Empty(TagsOf(Assert.Single(Points("passthrough.events.missed"))));
    }

    [Fact]
    public async Task The_registration_of_the_documents_exports_activities_and_metrics()
    {
        List<Activity> activities = [];
        List<Metric> metrics = [];
        using var host = Build(builder =>
        {
            builder.AddTelemetry()
                .ConfigureOpenTelemetryTracerProvider(traces => traces.AddInMemoryExporter(activities))
                .ConfigureOpenTelemetryMeterProvider(meters => meters.AddInMemoryExporter(metrics));
            return builder.AddPassthrough(options => (options.Root, options.WatchesHost) = (_fake.Root, false));
        });
        await host.StartAsync(Token);
        await host.Services.GetRequiredService<IHostStatusCache>().GetAsync(Token);
        host.Services.GetRequiredService<MeterProvider>().ForceFlush();
        await host.StopAsync(Token);

        Assert.Contains(activities, activity => activity.OperationName == "passthrough.capture");
        Assert.Contains(metrics, metric => metric.Name == "passthrough.capture.duration"); // of the core
        Assert.Contains(metrics, metric => metric.Name == "passthrough.devices"); // of the package
    }

    // What could not be determined is not 0.
    [Fact]
    public void Before_the_first_status_nothing_is_said_about_the_host()
    {
        using var metrics = new PassthroughMetrics(null);

        Assert.Empty(Points("passthrough.devices"));
    }

    // A plan whose second call of libvirt fails, and whose undo fails too: it stays in the journal, and libvirt keeps failing.
    private async Task LeaveEntryAsync()
    {
        var guest = _libvirt.AddDomain("vm1", isRunning: true);
        var calls = 0;
        var plan = _fake.Open().Plan([PciAddress.Parse("0000:01:00.0")], guest);
        _libvirt.Calling = _ =>
        {
            if (++calls > 1)
            {
                throw FakeLibvirt.Error(LibvirtErrorCode.InternalError, "no more");
            }
        };
        Assert.NotEmpty((await Assert.ThrowsAsync<PlanFailedException>(() => plan.ApplyAsync(cancellationToken: Token))).NotUndone);
    }

    private List<Activity> Recoveries() => [.. _activities.Where(activity => activity.OperationName == "passthrough.recover")];

    private static IHost Build(Func<IServiceCollection, PassthroughBuilder> add)
    {
        var builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(null);
        add(builder.Services);
        return builder.Build();
    }

    private static (string Unit, long Sum) Said((Metric Metric, MetricPoint Point) it) => (it.Metric.Unit, it.Point.GetSumLong());

    private static List<string> TagsOf(MetricPoint point)
    {
        var names = new List<string>();
        foreach (var tag in point.Tags)
        {
            names.Add(tag.Key);
        }

        return names;
    }

    private (Metric Metric, MetricPoint Point) Point(string name, params (string Key, string Value)[] tags)
    {
        var points = Points(name).Where(point => tags.All(tag => Has(point, tag.Key, tag.Value))).ToList();
        return (_metrics.Last(metric => metric.Name == name), Assert.Single(points));
    }

    private List<MetricPoint> Points(string name)
    {
        _metrics.Clear();
        _meters.ForceFlush();
        var points = new List<MetricPoint>();
        foreach (var metric in _metrics.Where(metric => metric.Name == name))
        {
            foreach (var point in metric.GetMetricPoints())
            {
                points.Add(point);
            }
        }

        return points;
    }

    private static bool Has(MetricPoint point, string key, string value)
    {
        foreach (var tag in point.Tags)
        {
            if (tag.Key == key)
            {
                return Equals(tag.Value, value);
            }
        }

        return false;
    }
}
