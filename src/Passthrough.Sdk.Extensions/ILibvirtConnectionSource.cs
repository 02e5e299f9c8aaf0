using Passthrough.Sdk.Libvirt;

namespace Passthrough.Sdk.Extensions;

/// <summary>Gives the current connection of a name to libvirt, and opens it again when it is dead. It is a keyed service, with the name as its key.</summary>
/// <remarks>
/// <para>
/// The connection is a real one, not a substitute: whoever has it keeps it, and a plan that is made with it runs on it to the end. If it dies
/// meanwhile, the calls of the plan fail and the plan is undone; only a later call of <see cref="GetAsync"/> opens another one. So ask for
/// the connection before each job, and do not keep it longer.
/// </para>
/// <para>
/// Do not dispose of the connection. It is shared, and the source closes it with the container. Domains and node devices that come from it
/// must be disposed of as usual.
/// </para>
/// <para>Thread safety: all members may be called from several threads at the same time. However many ask, one connection is opened.</para>
/// </remarks>
/// <example>
/// <code>
/// public sealed class Assigner(IPassthroughHost host, [FromKeyedServices("local")] ILibvirtConnectionSource libvirt)
/// {
///     public async Task AssignAsync(PciDevice device, string name, CancellationToken cancellationToken)
///     {
///         using var domain = (await libvirt.GetAsync(cancellationToken)).GetDomain(name);
///         await host.Plan(device, to: domain).ApplyAsync(cancellationToken: cancellationToken);
///     }
/// }
/// </code>
/// </example>
public interface ILibvirtConnectionSource
{
    /// <summary>Gets the name, which is also the key of the service.</summary>
    string Name { get; }

    /// <summary>Gets the state of the connection. Nothing is sent and nothing is opened (<see cref="ILibvirtConnection.IsAlive"/>).</summary>
    LibvirtSourceState State { get; }

    /// <summary>Gets the error of the last attempt to open the connection; null if it succeeded, or if there was none.</summary>
    Exception? LastError { get; }

    /// <summary>Gets the current connection if it is alive; otherwise opens a new one.</summary>
    /// <param name="cancellationToken">Ends the wait. An attempt to open the connection is not interrupted; a later call gets its result.</param>
    /// <returns>The connection, which belongs to the source.</returns>
    /// <exception cref="LibvirtUnavailableException">
    /// The connection cannot be opened, or the last attempt failed and its delay (<see cref="LibvirtSourceOptions.FirstRetryDelay"/>) is not over: then
    /// the call does not wait, and <see cref="LibvirtUnavailableException.RetryAfter"/> is the remaining time.
    /// </exception>
    /// <exception cref="OperationCanceledException">The wait was cancelled.</exception>
    /// <exception cref="ObjectDisposedException">The container was disposed of.</exception>
    Task<ILibvirtConnection> GetAsync(CancellationToken cancellationToken = default);
}
