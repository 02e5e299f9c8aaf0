using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Host;
using Passthrough.Sdk.Host.Changes;
using Passthrough.Sdk.Readiness;

namespace Passthrough.Sdk.Extensions;

/// <summary>
/// The hosted service: follows the kernel's messages about devices, checks the host after them and at intervals, keeps the connections to
/// libvirt open, and publishes what changed. A failure of one of these is logged and tried again; it never ends the program.
/// </summary>
internal sealed class PassthroughWatcher(
    IPassthroughHost host,
    IHostStatusCache cache,
    PassthroughEvents events,
    IEnumerable<ILibvirtConnectionSource> connections,
    IOptions<PassthroughOptions> options,
    TimeProvider time,
    PassthroughMetrics metrics,
    ILogger<PassthroughWatcher> logger) : BackgroundService
{
    // To bind a card with its functions causes a dozen messages within milliseconds: one check serves them all.
    private static readonly TimeSpan SettleTime = TimeSpan.FromMilliseconds(100);

    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ValueList<Finding> _findings = [];
    private ValueList<Finding> _differences = [];
    private string? _stateProblem;

    private TimeSpan Interval => options.Value.CheckInterval;

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => options.Value.WatchesHost
        ? Task.WhenAll([FollowAsync(stoppingToken), CheckAsync(stoppingToken), .. connections.Select(connection => KeepOpenAsync(connection, stoppingToken))])
        : Task.CompletedTask;

    private async Task FollowAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            Exception? error = null;
            try
            {
                await foreach (var change in host.WatchAsync(CaptureOptions.DevicesOnly, stoppingToken).ConfigureAwait(false))
                {
                    Handle(change);
                }
            }
            catch (HostNotLocalException)
            {
                logger.NotWatched(host.Source, Interval);
                return;
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                error = e;
            }
            catch (OperationCanceledException)
            {
                return;
            }

            logger.WatchEnded(host.Source, Interval, error);
            await WaitAsync(Task.Delay(Interval, time, stoppingToken)).ConfigureAwait(false);
        }
    }

    private void Handle(HostChange change)
    {
        if (change.Kind == HostChangeKind.Started)
        {
            logger.Watching(host.Source, Interval);
        }
        else
        {
            metrics.Changed(change.Kind);
            logger.Changed(change.Device?.ToString(), change.Kind, change.Driver);
            events.Publish(new() { Kind = PassthroughEventKind.HostChanged, At = time.GetUtcNow(), Change = change });
        }

        // Also at the start: what happened between the last check and this watch is in no message.
        cache.Invalidate();
        Volatile.Read(ref _changed).TrySetResult();
    }

    private async Task CheckAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            // Replaced before the check: a change during it causes another one.
            var changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            Volatile.Write(ref _changed, changed);
            try
            {
                Publish(await cache.RefreshAsync(stoppingToken).ConfigureAwait(false));
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                logger.CheckFailed(host.Source, Interval, e);
            }
            catch (OperationCanceledException)
            {
                return;
            }

            using var waiting = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
            await Task.WhenAny(Task.Delay(Interval, time, waiting.Token), changed.Task).ConfigureAwait(false);
            await waiting.CancelAsync().ConfigureAwait(false);
            if (changed.Task.IsCompleted)
            {
                await WaitAsync(Task.Delay(SettleTime, time, stoppingToken)).ConfigureAwait(false);
            }
        }
    }

    private async Task KeepOpenAsync(ILibvirtConnectionSource connection, CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            // The source logs why it cannot be opened, once for each attempt.
            await WaitAsync(connection.GetAsync(stoppingToken)).ConfigureAwait(false);
            await WaitAsync(Task.Delay(Interval, time, stoppingToken)).ConfigureAwait(false);
        }
    }

    private void Publish(HostStatus status)
    {
        Publish(PassthroughEventKind.ReadinessChanged, status, ref _findings, [.. status.Readiness]);
        if (status.StateProblem is null)
        {
            Publish(PassthroughEventKind.StateChanged, status, ref _differences, status.State?.Findings ?? []);
        }
        else if (status.StateProblem != _stateProblem)
        {
            logger.StateNotCompared(status.StateProblem);
        }

        _stateProblem = status.StateProblem;
    }

    private void Publish(PassthroughEventKind kind, HostStatus status, ref ValueList<Finding> before, ValueList<Finding> now)
    {
        var changes = FindingChanges.Between(before, now);
        before = now;
        if (changes.IsEmpty)
        {
            return;
        }

        foreach (var finding in changes.Appeared)
        {
            logger.Appeared(finding.Severity == FindingSeverity.Info ? LogLevel.Information : LogLevel.Warning, finding.Id, finding.Severity, finding.Title, finding.Remedy);
        }

        foreach (var finding in changes.Resolved)
        {
            logger.Resolved(finding.Id, finding.Title);
        }

        events.Publish(new() { Kind = kind, At = time.GetUtcNow(), Status = status, Appeared = changes.Appeared, Resolved = changes.Resolved });
    }

    private static async Task WaitAsync(Task task) => await task.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
}
