using System.Globalization;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Readiness;

namespace Passthrough.Sdk.Extensions;

/// <summary>Reports whether the host can give devices to guests, from the cached status (<see cref="IHostStatusCache"/>).</summary>
/// <remarks>
/// <para>
/// Unhealthy (or the failure status of the registration): a finding is an error, or the host cannot be read. Degraded: readiness or the desired state
/// is undetermined, there are warnings (<see cref="PassthroughOptions.WarningStatus"/>) or drift (<see cref="PassthroughOptions.DriftStatus"/>), or a
/// libvirt connection is lost. Healthy: none of these.
/// </para>
/// <para>
/// The data contains each finding under its id, with severity, title and remedy as text, and <c>host.source</c>, <c>host.captured_at</c>,
/// <c>host.devices</c> and <c>libvirt.NAME</c>. All values are texts or integers. Thread safety: may be called from several threads at the same time.
/// </para>
/// </remarks>
/// <example><code>builder.Services.AddHealthChecks().AddCheck&lt;PassthroughHealthCheck&gt;("passthrough");</code></example>
public sealed class PassthroughHealthCheck : IHealthCheck
{
    private readonly IHostStatusCache _cache;
    private readonly PassthroughOptions _options;
    private readonly ValueList<ILibvirtConnectionSource> _connections;

    /// <summary>Creates the check; the container calls this.</summary>
    /// <param name="cache">The status of the host.</param>
    /// <param name="options">The options.</param>
    /// <param name="connections">The connections to libvirt, whose state is reported without opening them.</param>
    public PassthroughHealthCheck(IHostStatusCache cache, IOptions<PassthroughOptions> options, IEnumerable<ILibvirtConnectionSource> connections)
    {
        ArgumentNullException.ThrowIfNull(cache);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(connections);
        _cache = cache;
        _options = options.Value;
        _connections = [.. connections];
    }

    /// <inheritdoc/>
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(context);
        var failure = context.Registration?.FailureStatus ?? HealthStatus.Unhealthy;
        HostStatus status;
        try
        {
            status = await _cache.GetAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            return new(failure, $"the host cannot be read: {e.Message}", e);
        }

        var judged = new List<(HealthStatus Health, string Reason)>
        {
            OfReadiness(status.Readiness, failure),
            OfState(status),
        };
        judged.AddRange(_connections.Select(OfConnection));
        var health = judged.Min(each => each.Health);
        var reasons = string.Join("; ", judged.Where(each => each.Health != HealthStatus.Healthy).OrderBy(each => each.Health).Select(each => each.Reason));
        return new(health, reasons.Length > 0 ? reasons : "passthrough is ready", data: DataOf(status));
    }

    private (HealthStatus Health, string Reason) OfReadiness(ReadinessReport report, HealthStatus failure) => report.IsReady switch
    {
        false => (failure, $"passthrough is not ready: {report.First(finding => finding.Severity == FindingSeverity.Error).Title}"),
        null => (HealthStatus.Degraded, $"readiness cannot be determined: {FirstUndetermined(report)}"),
        true when report.FirstOrDefault(finding => finding.Severity == FindingSeverity.Warning) is { } warning => (_options.WarningStatus, $"passthrough is ready, with a warning: {warning.Title}"),
        true => (HealthStatus.Healthy, ""),
    };

    private static string FirstUndetermined(ReadinessReport report) => report.SelectMany(finding => finding.Consequences.Prepend(finding))
        .First(finding => finding is { IsUndetermined: true, PossibleSeverity: FindingSeverity.Error }).Title;

    // What only waits for a reboot is not drift, and never worse than degraded.
    private (HealthStatus Health, string Reason) OfState(HostStatus status) => status switch
    {
        { StateProblem: { } problem } => (HealthStatus.Degraded, problem),
        { State: null } or { State.IsAsStated: true } => (HealthStatus.Healthy, ""),
        { State: { HasDrifted: true } state } => (_options.DriftStatus, $"the host differs from its desired state: {state.Findings.First(IsDrift).Title}"),
        { State: { IsAsStated: false } state } => (HealthStatusAtBest(HealthStatus.Degraded, _options.DriftStatus), $"the desired state needs a reboot: {state.AwaitingReboot[0].Title}"),
        _ => (HealthStatus.Degraded, $"the desired state cannot be compared completely: {status.State.Findings[0].Title}"),
    };

    private static bool IsDrift(Finding finding) => !finding.IsUndetermined && finding.Id != FindingIds.StateAwaitsReboot;

    private static HealthStatus HealthStatusAtBest(HealthStatus one, HealthStatus other) => one > other ? one : other;

    private static (HealthStatus Health, string Reason) OfConnection(ILibvirtConnectionSource connection) => connection.State switch
    {
        LibvirtSourceState.Lost => (HealthStatus.Degraded, $"the libvirt connection '{connection.Name}' is lost"),
        LibvirtSourceState.Failed => (HealthStatus.Degraded, $"the libvirt connection '{connection.Name}' cannot be opened: {connection.LastError?.Message}"),
        _ => (HealthStatus.Healthy, ""),
    };

    private Dictionary<string, object> DataOf(HostStatus status)
    {
        var data = new Dictionary<string, object>(StringComparer.Ordinal)
        {
            ["host.source"] = status.Snapshot.Source,
            ["host.captured_at"] = status.Snapshot.CapturedAt.ToString("O", CultureInfo.InvariantCulture),
            ["host.devices"] = status.Snapshot.Devices.Count,
        };
        foreach (var group in status.Readiness.Concat(status.State?.Findings ?? []).GroupBy(finding => finding.Id, StringComparer.Ordinal))
        {
            data[group.Key] = string.Join('\n', group.Select(Describe));
        }

        foreach (var connection in _connections)
        {
            data[$"libvirt.{connection.Name}"] = connection.State switch
            {
                LibvirtSourceState.Connected => "connected",
                LibvirtSourceState.Lost => "lost",
                LibvirtSourceState.Failed => "failed",
                _ => "not opened",
            };
        }

        return data;
    }

    private static string Describe(Finding finding) =>
        $"{(finding.IsUndetermined ? "undetermined" : finding.Severity.ToString().ToLowerInvariant())}: {finding.Title} - {finding.Remedy}";
}
