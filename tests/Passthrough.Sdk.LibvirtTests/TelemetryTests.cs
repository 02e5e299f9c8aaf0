using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using Passthrough.Sdk.Libvirt;
using Passthrough.Sdk.Telemetry;

namespace Passthrough.Sdk.LibvirtTests;

/// <summary>What opening a connection reports. Other tests open connections beside these, so only what happens on the own thread counts.</summary>
public sealed class TelemetryTests : IDisposable
{
    private readonly int _thread = Environment.CurrentManagedThreadId;
    private readonly ConcurrentQueue<Activity> _activities = [];
    private readonly ConcurrentQueue<(string Name, string? Unit, double Value, KeyValuePair<string, object?>[] Tags)> _times = [];
    private readonly ActivityListener _listener;
    private readonly MeterListener _meters;

    public TelemetryTests()
    {
        _listener = new()
        {
            ShouldListenTo = source => source.Name == PassthroughTelemetry.Name,
            Sample = (ref _) => ActivitySamplingResult.AllData,
            ActivityStopped = activity => Take(() => _activities.Enqueue(activity)),
        };
        ActivitySource.AddActivityListener(_listener);
        _meters = new() { InstrumentPublished = (instrument, listener) => Listen(instrument, listener) };
        _meters.SetMeasurementEventCallback<double>((instrument, value, tags, _) =>
        {
            var copy = tags.ToArray();
            Take(() => _times.Enqueue((instrument.Name, instrument.Unit, value, copy)));
        });
        _meters.Start();
    }

    public void Dispose()
    {
        _listener.Dispose();
        _meters.Dispose();
    }

    [Fact]
    public void A_connection_arrives_with_its_URI_and_its_time()
    {
        using var libvirt = TestDriver.Open();

        var activity = Assert.Single(_activities);
        Assert.Equal(("passthrough.libvirt.connect", ActivityKind.Client, ActivityStatusCode.Unset), (activity.OperationName, activity.Kind, activity.Status));
        Assert.Equal([new("passthrough.libvirt.uri", TestDriver.Uri)], activity.TagObjects);
        var (name, unit, time, tags) = Assert.Single(_times);
        Assert.Equal(("passthrough.libvirt.connect.duration", "s"), (name, unit));
        Assert.InRange(time, 0, activity.Duration.TotalSeconds);
        Assert.Empty(tags);
    }

    [Fact]
    public void A_connection_that_cannot_be_opened_arrives_with_the_error()
    {
        TestDriver.Require();

        var error = Assert.Throws<LibvirtException>(() => LibvirtConnection.Open("test:///no/such/file.xml"));

        var activity = Assert.Single(_activities);
        Assert.Equal(("passthrough.libvirt.connect", ActivityStatusCode.Error, error.Message), (activity.OperationName, activity.Status, activity.StatusDescription));
        Assert.Equal(("test:///no/such/file.xml", typeof(LibvirtException).FullName), (activity.GetTagItem("passthrough.libvirt.uri"), activity.GetTagItem("error.type")));
        Assert.Equal([new("error.type", typeof(LibvirtException).FullName)], Assert.Single(_times).Tags);
    }

    private static void Listen(Instrument instrument, MeterListener listener)
    {
        if (instrument.Meter.Name == PassthroughTelemetry.Name && instrument.Name == "passthrough.libvirt.connect.duration")
        {
            listener.EnableMeasurementEvents(instrument);
        }
    }

    private void Take(Action take)
    {
        if (Environment.CurrentManagedThreadId == _thread)
        {
            take();
        }
    }
}
