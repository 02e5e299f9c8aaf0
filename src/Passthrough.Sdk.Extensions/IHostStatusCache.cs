namespace Passthrough.Sdk.Extensions;

/// <summary>
/// Keeps the status of the host for <see cref="PassthroughOptions.SnapshotLifetime"/>, so that a health probe costs no capture. The hosted
/// service renews it before it expires, and after each change of a device.
/// </summary>
/// <remarks>Thread safety: all members may be called from several threads at the same time. However many ask, the host is read once.</remarks>
public interface IHostStatusCache
{
    /// <summary>Gets the latest status, whatever its age; null before the first one was read.</summary>
    HostStatus? Current { get; }

    /// <summary>Gets the status: the latest one if it is still valid, otherwise one that is read now.</summary>
    /// <param name="cancellationToken">Ends the wait. The host is read to the end for the others that wait.</param>
    /// <returns>The status. It never describes the host at a time before the last <see cref="Invalidate"/>.</returns>
    /// <exception cref="OperationCanceledException">The wait was cancelled.</exception>
    /// <exception cref="Facts.PassthroughException">The host cannot be read.</exception>
    ValueTask<HostStatus> GetAsync(CancellationToken cancellationToken = default);

    /// <summary>Reads the status again, even if the latest one is still valid.</summary>
    /// <param name="cancellationToken">Ends the wait. The host is read to the end for the others that wait.</param>
    /// <returns>The status of a time after the call.</returns>
    /// <exception cref="OperationCanceledException">The wait was cancelled.</exception>
    /// <exception cref="Facts.PassthroughException">The host cannot be read.</exception>
    Task<HostStatus> RefreshAsync(CancellationToken cancellationToken = default);

    /// <summary>Makes the latest status invalid, because the program knows that the host has changed. The next call of <see cref="GetAsync"/> reads it.</summary>
    void Invalidate();
}
