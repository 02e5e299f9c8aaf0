using Microsoft.Extensions.Logging;
using Passthrough.Sdk.Libvirt;

namespace Passthrough.Sdk.Extensions;

/// <summary>Opens a connection when it is asked for and none is alive; after a failure not before the delay is over.</summary>
internal sealed class LibvirtConnectionSource(
    string name, LibvirtSourceOptions options, TimeProvider time, PassthroughMetrics metrics, ILoggerFactory loggers) : ILibvirtConnectionSource, IDisposable
{
    private readonly Lock _gate = new();
    private readonly ILogger _logger = loggers.CreateLogger<LibvirtConnectionSource>();
    private ILibvirtConnection? _current;
    private Task<ILibvirtConnection>? _opening;
    private Exception? _error;
    private int _failures;
    private long _failedAt;
    private bool _wasOpen;
    private bool _isDisposed;

    public string Name => name;

    public LibvirtSourceState State
    {
        get
        {
            lock (_gate)
            {
                return FindAlive() is not null ? LibvirtSourceState.Connected
                    : _error is not null ? LibvirtSourceState.Failed
                    : _wasOpen ? LibvirtSourceState.Lost
                    : LibvirtSourceState.NotOpened;
            }
        }
    }

    public Exception? LastError
    {
        get
        {
            lock (_gate)
            {
                return _error;
            }
        }
    }

    public Task<ILibvirtConnection> GetAsync(CancellationToken cancellationToken = default)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            if (FindAlive() is { } alive)
            {
                return Task.FromResult(alive);
            }

            if (_opening is null && _error is { } error && Remaining() is var remaining && remaining > TimeSpan.Zero)
            {
                return Task.FromException<ILibvirtConnection>(new LibvirtUnavailableException(name, options.Uri, remaining, error));
            }

            // libvirt may not answer for long: a thread of its own, and whoever asks meanwhile waits for the same attempt.
            _opening ??= Task.Factory.StartNew(
                Open, CancellationToken.None, TaskCreationOptions.LongRunning | TaskCreationOptions.DenyChildAttach, TaskScheduler.Default);
            return _opening.WaitAsync(cancellationToken);
        }
    }

    public void Dispose()
    {
        ILibvirtConnection? current;
        lock (_gate)
        {
            _isDisposed = true;
            (current, _current) = (_current, null);
        }

        current?.Dispose();
    }

    // A dead connection is dropped and not disposed of: a plan may still have it, and must hear libvirt's own error from it. Its finaliser
    // closes it when nobody has it any longer.
    private ILibvirtConnection? FindAlive()
    {
        if (_current is { } current && !IsAlive(current))
        {
            Drop(current);
        }

        return _current;
    }

    private void Drop(ILibvirtConnection current)
    {
        _current = null;
        metrics.Lost(name);
        _logger.Lost(name, current.Uri);
    }

    private static bool IsAlive(ILibvirtConnection connection)
    {
        try
        {
            return connection.IsAlive();
        }
        catch (Exception e) when (e is LibvirtException or ObjectDisposedException)
        {
            return false; // what cannot even be asked is dead; one that somebody disposed of as well
        }
    }

    private ILibvirtConnection Open()
    {
        ILibvirtConnection? connection = null;
        try
        {
            connection = options.Open(options.Uri, new() { ReadOnly = options.ReadOnly, LoggerFactory = loggers, Lost = _ => OnLost() });
        }
        catch (Exception e)
        {
            TimeSpan delay;
            lock (_gate)
            {
                (_opening, _error, _failedAt) = (null, e, time.GetTimestamp());
                _failures++;
                delay = Delay();
            }

            _logger.NotConnected(name, e.Message, delay);
            throw new LibvirtUnavailableException(name, options.Uri, delay, e);
        }

        bool isAgain;
        lock (_gate)
        {
            if (_isDisposed)
            {
                connection.Dispose();
                throw new ObjectDisposedException(nameof(ILibvirtConnectionSource), $"the libvirt connection '{name}' was opened while the container was disposed of");
            }

            isAgain = _wasOpen;
            (_current, _opening, _error, _failures, _wasOpen) = (connection, null, null, 0, true);
        }

        if (isAgain)
        {
            metrics.Reconnected(name);
        }

        _logger.Connected(name, connection.Uri);
        return connection;

        // At once, and not when the connection is needed next. One that is lost before it is the current one is found dead by the next request.
        void OnLost()
        {
            lock (_gate)
            {
                if (_current is { } current && current == connection)
                {
                    Drop(current);
                }
            }
        }
    }

    private TimeSpan Remaining() => Delay() - time.GetElapsedTime(_failedAt);

    private TimeSpan Delay()
    {
        var delay = options.FirstRetryDelay;
        for (var failure = 1; failure < _failures && delay < options.MaximumRetryDelay; failure++)
        {
            delay *= 2;
        }

        return delay < options.MaximumRetryDelay ? delay : options.MaximumRetryDelay;
    }
}
