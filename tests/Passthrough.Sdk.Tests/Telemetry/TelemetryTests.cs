using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;
using Passthrough.Sdk.Extensions;
using Passthrough.Sdk.Host;
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

    // What could not be determined is not 0.
    [Fact]
    public void Before_the_first_status_nothing_is_said_about_the_host()
    {
        using var metrics = new PassthroughMetrics(null);

        Assert.Empty(Points("passthrough.devices"));
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
