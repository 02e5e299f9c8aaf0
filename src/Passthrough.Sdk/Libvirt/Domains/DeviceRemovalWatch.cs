namespace Passthrough.Sdk.Libvirt;

/// <summary>Waits until a device has really left a running domain.</summary>
/// <remarks>
/// Create it before the device is detached, so that no event is missed. Thread safety: one wait at a time.
/// </remarks>
/// <example>
/// <code>
/// using var watch = domain.WatchDeviceRemoval("ua-nic");
/// domain.DetachDeviceAlias("ua-nic", DeviceAffect.Live);
/// DeviceRemoval end = await watch.WaitAsync(TimeSpan.FromSeconds(30));
/// </code>
/// </example>
public sealed class DeviceRemovalWatch : IDisposable
{
    private readonly LibvirtSubscription<LibvirtDomainEvent> _events;
    private readonly Guid _domain;
    private readonly string _alias;
    private DeviceRemoval? _end;

    /// <summary>Creates a watch over a subscription, which it disposes of; see <see cref="LibvirtDomainExtensions.WatchDeviceRemoval"/>.</summary>
    /// <param name="events">The events of the connection's domains.</param>
    /// <param name="domain">The UUID of the domain.</param>
    /// <param name="alias">The alias of the device.</param>
    public DeviceRemovalWatch(LibvirtSubscription<LibvirtDomainEvent> events, Guid domain, string alias)
    {
        _events = events;
        _domain = domain;
        _alias = alias;
    }

    /// <summary>Waits until the device leaves, the guest refuses, the domain stops, or the time is over.</summary>
    /// <param name="timeout">The maximum time to wait; <see cref="Timeout.InfiniteTimeSpan"/> to wait without a limit.</param>
    /// <param name="cancellationToken">Ends the wait with an <see cref="OperationCanceledException"/>; the device may still leave.</param>
    /// <returns>The result. After <see cref="DeviceRemoval.TimedOut"/> or a refusal you can wait again.</returns>
    /// <exception cref="LibvirtConnectionLostException">The connection was lost.</exception>
    /// <exception cref="LibvirtEventsLostException">Other events filled the memory of the subscription: read the domain's XML to see whether the device is still there.</exception>
    /// <exception cref="ObjectDisposedException">The watch or its connection was disposed of.</exception>
    public async Task<DeviceRemoval> WaitAsync(TimeSpan timeout, CancellationToken cancellationToken = default)
    {
        if (_end is { } end)
        {
            return end;
        }

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(timeout);
        try
        {
            do
            {
                while (_events.Reader.TryRead(out var happened))
                {
                    if (EndOf(happened) is { } found)
                    {
                        _end = found == DeviceRemoval.Refused ? null : found;
                        return found;
                    }
                }
            }
            while (await _events.Reader.WaitToReadAsync(limit.Token).ConfigureAwait(false));
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return DeviceRemoval.TimedOut;
        }

        throw new ObjectDisposedException(nameof(DeviceRemovalWatch));
    }

    /// <summary>Stops watching.</summary>
    public void Dispose() => _events.Dispose();

    private DeviceRemoval? EndOf(LibvirtDomainEvent happened) => happened.DomainUuid != _domain ? null : happened switch
    {
        LibvirtDeviceEvent { Change: DeviceChange.Removed } device when device.Alias == _alias => DeviceRemoval.Removed,
        LibvirtDeviceEvent { Change: DeviceChange.RemovalFailed } device when device.Alias == _alias => DeviceRemoval.Refused,
        LibvirtDomainLifecycleEvent { Change: DomainLifecycle.Stopped } => DeviceRemoval.DomainStopped,
        _ => null,
    };
}
