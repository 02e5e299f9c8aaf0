using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Libvirt;

namespace Passthrough.Cli;

/// <summary>A connection with the domains of a verb, for one that must stay interruptible when libvirt does not answer.</summary>
internal sealed class LibvirtSession : IAsyncDisposable
{
    // A busy host may take long to answer all queries of a plan; a signal ends the wait.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan ClosePatience = TimeSpan.FromSeconds(2);

    private readonly LibvirtConnection _connection;

    private readonly IReadOnlyList<ILibvirtDomain> _domains;

    private LibvirtSession(LibvirtConnection connection, IReadOnlyList<ILibvirtDomain> domains)
    {
        _connection = connection;
        _domains = domains;
    }

    /// <summary>Connects.</summary>
    public static Task<LibvirtSession> OpenAsync(string uri, CancellationToken cancellationToken) =>
        WaitAsync(uri, () => new LibvirtSession(LibvirtConnection.Open(uri), []), cancellationToken);

    /// <summary>Connects and looks the domains up.</summary>
    public static Task<LibvirtSession> OpenAsync(string? connect, IReadOnlyList<string> domains, CancellationToken cancellationToken)
    {
        var uri = LibvirtUri.Or(connect);
        return WaitAsync(
            uri,
            () =>
            {
                var connection = LibvirtConnection.Open(uri);
                var found = new List<ILibvirtDomain>();
                try
                {
                    foreach (var domain in domains)
                    {
                        found.Add(connection.GetDomain(domain));
                    }

                    return new LibvirtSession(connection, found);
                }
                catch
                {
                    found.ForEach(domain => domain.Dispose());
                    connection.Dispose();
                    throw;
                }
            },
            cancellationToken);
    }

    /// <summary>Runs a query that waits for libvirt.</summary>
    public Task<T> AskAsync<T>(Func<IReadOnlyList<ILibvirtDomain>, T> ask, CancellationToken cancellationToken) =>
        WaitAsync(_connection.Uri, () => ask(_domains), cancellationToken);

    /// <summary>Asks something about whatever the connection has.</summary>
    public Task<T> AskAsync<T>(Func<ILibvirtConnection, T> ask, CancellationToken cancellationToken) =>
        WaitAsync(_connection.Uri, () => ask(_connection), cancellationToken);

    /// <summary>Runs a query of a verb that only reads, with the same deadline; a signal ends such a verb at once.</summary>
    public static T Ask<T>(string uri, Func<T> ask) => WaitAsync(uri, ask, CancellationToken.None).GetAwaiter().GetResult();

    /// <summary>Waits for a query that runs on its own thread; if it does not end, nothing was changed.</summary>
    public static async Task<T> WaitAsync<T>(string uri, Func<T> ask, CancellationToken cancellationToken)
    {
        var asked = Task.Factory.StartNew(ask, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        try
        {
            return await asked.WaitAsync(Patience, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            return asked.IsCompleted
                ? await asked.ConfigureAwait(false)
                : throw new PassthroughException(
                    $"libvirt at {uri} did not answer within {Patience.TotalSeconds:0} s; nothing was changed; check whether libvirtd runs and what it waits for (systemctl status libvirtd), or restart it");
        }
    }

    // libvirt may be in the middle of a call that timed out: closing the connection would wait for it.
    public async ValueTask DisposeAsync()
    {
        var closing = Task.Factory.StartNew(
            () =>
            {
                foreach (var domain in _domains)
                {
                    domain.Dispose();
                }

                _connection.Dispose();
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default);
        await Task.WhenAny(closing, Task.Delay(ClosePatience)).ConfigureAwait(false);
    }
}
