using System.Diagnostics.Metrics;
using Passthrough.Sdk.Host.Changes;
using Passthrough.Sdk.Readiness;
using Passthrough.Sdk.Telemetry;

namespace Passthrough.Sdk.Extensions;

/// <summary>What a host that is watched adds to the meter of the library: how it is now, and what happened to it.</summary>
/// <remarks>
/// The core counts what it does itself. These instruments observe services of one container and end with it, so they come from the container's
/// <see cref="IMeterFactory"/>, under the same name and version: for a listener it is one meter.
/// </remarks>
internal sealed class PassthroughMetrics : IDisposable
{
    private const string Severity = "passthrough.finding.severity";
    private const string ChangeKind = "passthrough.host.change.kind";
    private const string Connection = "passthrough.libvirt.connection.name";

    private readonly Meter _meter;
    private readonly bool _ownsMeter;
    private readonly Counter<long> _changes;
    private readonly Counter<long> _losses;
    private readonly Counter<long> _reconnects;
    private readonly Counter<long> _missed;
    private HostStatus? _status;

    public PassthroughMetrics(IMeterFactory? factory)
    {
        var version = typeof(PassthroughHost).Assembly.GetName().Version?.ToString();
        _ownsMeter = factory is null;
        _meter = factory?.Create(new MeterOptions(PassthroughTelemetry.Name) { Version = version }) ?? new Meter(PassthroughTelemetry.Name, version);
        _meter.CreateObservableUpDownCounter("passthrough.devices", () => Count(status => status.Snapshot.Devices.Count), "{device}", "The PCI functions of the host.");
        _meter.CreateObservableUpDownCounter("passthrough.iommu_groups", () => Count(status => status.Snapshot.IommuGroups.Count), "{group}", "The IOMMU groups of the host.");
        _meter.CreateObservableUpDownCounter("passthrough.findings", CountFindings, "{finding}", "The findings about the host, the root causes only.");
        _meter.CreateObservableUpDownCounter(
            "passthrough.state.differences", () => Count(status => status.State?.Findings.Count), "{finding}", "The differences between the host and its desired state.");
        _changes = _meter.CreateCounter<long>("passthrough.host.changes", "{change}", "The changes of the host's PCI functions.");
        _losses = _meter.CreateCounter<long>("passthrough.libvirt.losses", "{loss}", "The connections to libvirt that were lost.");
        _reconnects = _meter.CreateCounter<long>("passthrough.libvirt.reconnects", "{reconnect}", "The connections to libvirt that replaced one that was lost.");
        _missed = _meter.CreateCounter<long>("passthrough.events.missed", "{event}", "The events that a subscriber lost because it read too slowly.");
    }

    public void Report(HostStatus status) => Volatile.Write(ref _status, status);

    public void Changed(HostChangeKind kind) => _changes.Add(1, new KeyValuePair<string, object?>(ChangeKind, kind.ToString().ToLowerInvariant()));

    public void Lost(string name) => _losses.Add(1, new KeyValuePair<string, object?>(Connection, name));

    public void Reconnected(string name) => _reconnects.Add(1, new KeyValuePair<string, object?>(Connection, name));

    public void Missed() => _missed.Add(1);

    public void Dispose()
    {
        if (_ownsMeter)
        {
            _meter.Dispose();
        }
    }

    private static Measurement<long>[] Nothing => [];

    // Before the first status, nothing is known, which is not 0.
    private Measurement<long>[] Count(Func<HostStatus, int?> count) =>
        Volatile.Read(ref _status) is { } status && count(status) is { } number ? [new(number)] : Nothing;

    private Measurement<long>[] CountFindings()
    {
        if (Volatile.Read(ref _status) is not { } status)
        {
            return Nothing;
        }

        var undetermined = status.Readiness.Count(finding => finding.IsUndetermined);
        return
        [
            .. new[] { FindingSeverity.Error, FindingSeverity.Warning, FindingSeverity.Info }
                .Select(severity => Of(severity.ToString().ToLowerInvariant(), status.Readiness.Count(finding => !finding.IsUndetermined && finding.Severity == severity))),
            Of("undetermined", undetermined),
        ];
    }

    private static Measurement<long> Of(string severity, int count) => new(count, new KeyValuePair<string, object?>(Severity, severity));
}
