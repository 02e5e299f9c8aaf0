using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Passthrough.Sdk.Extensions;

/// <summary>One reading at a time: whoever asks while it runs waits for it, or for the next one if it began before the host changed.</summary>
internal sealed class HostStatusCache(
    HostStatusReader reader, IOptions<PassthroughOptions> options, TimeProvider time, PassthroughMetrics metrics, ILogger<HostStatusCache> logger) : IHostStatusCache
{
    private readonly Lock _gate = new();
    private HostStatus? _current;
    private long _read;      // when the reading of the current status began
    private bool _isValid;
    private int _version;    // of the host: the number of invalidations
    private Reading? _running;
    private Reading? _waiting;

    public HostStatus? Current
    {
        get
        {
            lock (_gate)
            {
                return _current;
            }
        }
    }

    public ValueTask<HostStatus> GetAsync(CancellationToken cancellationToken = default)
    {
        lock (_gate)
        {
            if (_isValid && time.GetElapsedTime(_read) < options.Value.SnapshotLifetime)
            {
                return new(_current!);
            }

            var reading = _waiting ?? (_running is { } running && running.Version == _version ? running : Start());
            return new(reading.Task.WaitAsync(cancellationToken));
        }
    }

    public Task<HostStatus> RefreshAsync(CancellationToken cancellationToken = default)
    {
        lock (_gate)
        {
            return (_waiting ?? Start()).Task.WaitAsync(cancellationToken);
        }
    }

    public void Invalidate()
    {
        lock (_gate)
        {
            _version++;
            _isValid = false;
        }
    }

    private Reading Start()
    {
        var reading = new Reading();
        _waiting = reading;
        reading.Task = RunAsync(reading, _running?.Task);
        return reading;
    }

    // A capture reads thousands of files and may wait for the kernel: it has a thread of its own.
    private async Task<HostStatus> RunAsync(Reading reading, Task? before)
    {
        if (before is not null)
        {
            await before.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return await Task.Factory.StartNew(
            () => Read(reading), CancellationToken.None, TaskCreationOptions.LongRunning | TaskCreationOptions.DenyChildAttach, TaskScheduler.Default).ConfigureAwait(false);
    }

    private HostStatus Read(Reading reading)
    {
        var started = time.GetTimestamp();
        lock (_gate)
        {
            reading.Version = _version;
            (_running, _waiting) = (reading, null);
        }

        try
        {
            var status = reader.Read();
            lock (_gate)
            {
                (_current, _read, _isValid) = (status, started, reading.Version == _version);
            }

            metrics.Report(status);
            logger.StatusRead(status.Readiness.IsReady, status.Readiness.Count, status.State?.Findings.Count ?? 0, Math.Round(time.GetElapsedTime(started).TotalMilliseconds, 1));
            return status;
        }
        finally
        {
            lock (_gate)
            {
                _running = null;
            }
        }
    }

    private sealed class Reading
    {
        public int Version { get; set; }

        public Task<HostStatus> Task { get; set; } = null!;
    }
}
