using Passthrough.Sdk.Hostdev.Domains;
using Passthrough.Sdk.Libvirt;
using Passthrough.Sdk.Libvirt.Native;
using Passthrough.Sdk.Plans;

namespace Passthrough.Sdk.Assignment.Steps;

/// <summary>
/// Calls into libvirt for one plan, one at a time, each on a separate thread: the caller has a deadline and can be cancelled,
/// while the call itself cannot be. The next call after one that was given up first waits for it to end, because
/// the state of the host is unknown until then.
/// </summary>
/// <remarks>Thread safety: none.</remarks>
internal sealed class DomainCalls(IAssignmentDomain domain, PlanOptions options, TimeProvider time)
{
    private Task? _pending;
    private string _pendingWhat = "";
    private bool _isGivenUp;

    /// <summary>The domain's name.</summary>
    public string Name { get; } = domain.Name;

    /// <summary>The hypervisor's URI.</summary>
    public string Connection { get; } = domain.Connection;

    /// <summary>Whether a call that was given up is still in progress.</summary>
    public bool IsBusy => _pending is { IsCompleted: false };

    /// <summary>Makes a call.</summary>
    /// <param name="what">The name of the call in messages.</param>
    /// <param name="call">The call; it runs on a separate thread.</param>
    /// <param name="cancellationToken">Ends the wait, but not the call.</param>
    /// <exception cref="LibvirtTimeoutException">libvirt did not answer in time, or a call before has not ended yet.</exception>
    public Task<T> RunAsync<T>(string what, Func<IAssignmentDomain, T> call, CancellationToken cancellationToken) =>
        RunAsync(what, call, options.LibvirtTimeout, cancellationToken);

    /// <inheritdoc cref="RunAsync{T}(string, Func{IAssignmentDomain, T}, CancellationToken)"/>
    public Task RunAsync(string what, Action<IAssignmentDomain> call, CancellationToken cancellationToken) =>
        RunAsync(what, Called(call), options.LibvirtTimeout, cancellationToken);

    /// <summary>Makes a call that also waits for the guest.</summary>
    /// <param name="what">The name of the call in messages.</param>
    /// <param name="call">The call.</param>
    /// <param name="guest">The time that the guest may take in addition to libvirt.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    public Task RunWithGuestAsync(string what, Func<IAssignmentDomain, Task> call, TimeSpan guest, CancellationToken cancellationToken) =>
        RunAsync(
            what,
            Called(d => call(d).GetAwaiter().GetResult()),
            options.LibvirtTimeout + guest,
            cancellationToken);

    /// <summary>Returns whether the domain is running and has the device.</summary>
    public async Task<bool> HasLiveAsync(Pci.PciAddress device, CancellationToken cancellationToken) =>
        await RunAsync($"describe the running {Name}", d => d.IsRunning && DomainXml.Asks(d.ReadLive(), device), cancellationToken).ConfigureAwait(false);

    private static Func<IAssignmentDomain, bool> Called(Action<IAssignmentDomain> call) => d =>
    {
        call(d);
        return true;
    };

    private async Task<T> RunAsync<T>(string what, Func<IAssignmentDomain, T> call, TimeSpan deadline, CancellationToken cancellationToken)
    {
        await SettleAsync().ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
        var task = Offload.Run(() => call(domain), CancellationToken.None);
        (_pending, _pendingWhat) = (task, what);
        try
        {
            return await task.WaitAsync(deadline, time, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            // It may have ended at the last moment, or have a time-out of its own to tell.
            return task.IsCompleted
                ? await task.ConfigureAwait(false)
                : throw LibvirtTimeoutException.Of(Connection, what, deadline);
        }
    }

    private async Task SettleAsync()
    {
        if (_pending is not { IsCompleted: false } pending)
        {
            return;
        }

        try
        {
            // Once is enough: the calls after it learn at once that it still has not ended.
            await pending.WaitAsync(_isGivenUp ? TimeSpan.Zero : options.UndoTimeout, time, CancellationToken.None).ConfigureAwait(false);
        }
        catch (TimeoutException) when (!pending.IsCompleted)
        {
            _isGivenUp = true;
            throw LibvirtTimeoutException.OfPending(Connection, _pendingWhat);
        }
#pragma warning disable CA1031 // It was given up, and said so; all that counts now is that it has ended.
        catch (Exception)
#pragma warning restore CA1031
        {
        }
    }
}
