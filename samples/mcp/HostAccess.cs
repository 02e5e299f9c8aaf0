using Passthrough.Mcp.Tools;
using Passthrough.Sdk;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Libvirt;
using Passthrough.Sdk.Pci;

namespace Passthrough.Mcp;

/// <summary>The host that the tools read, and its libvirt. Everything here only reads.</summary>
/// <param name="host">The host.</param>
/// <param name="names">The names of vendors, devices and classes.</param>
/// <param name="connect">libvirt's URI; null if only <c>plan</c> may ask libvirt.</param>
/// <param name="open">Opens a read-only connection.</param>
internal sealed class HostAccess(IPassthroughHost host, PciIdDatabase names, string? connect, Func<string, ILibvirtConnection> open)
{
    private const string DefaultUri = "qemu:///system";

    // A busy host may take long to answer all queries of a plan.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    /// <summary>Gets the host.</summary>
    public IPassthroughHost Host => host;

    /// <summary>Gets the names of vendors, devices and classes.</summary>
    public PciIdDatabase Names => names;

    /// <summary>Gives access to this machine, or to the host of a directory, an archive or a dump.</summary>
    public static HostAccess At(string root, string? connect) => new(
        Path.GetFullPath(root).Trim('/').Length == 0 ? PassthroughHost.Local() : PassthroughHost.At(root),
        PciIdDatabase.Load(root),
        connect,
        static uri => LibvirtConnection.Open(uri, new LibvirtConnectionOptions { ReadOnly = true }));

    /// <summary>Reads what libvirt knows of the devices; null if the server was started without a URI.</summary>
    public async Task<LibvirtFacts?> ReadLibvirtAsync(CancellationToken cancellationToken) =>
        connect is null ? null : await AskAsync(connect, ReadFacts, cancellationToken).ConfigureAwait(false);

    /// <summary>Asks something about a domain.</summary>
    public Task<T> AskAsync<T>(string domain, Func<ILibvirtDomain, T> ask, CancellationToken cancellationToken) => AskAsync(
        connect ?? DefaultUri,
        uri =>
        {
            using var connection = open(uri);
            using var found = new ReadOnlyDomain(connection.GetDomain(domain));
            return ask(found);
        },
        cancellationToken);

    private LibvirtFacts ReadFacts(string uri)
    {
        using var connection = open(uri);
        var facts = LibvirtFacts.Read(connection);
        if (host.IsLocal)
        {
            facts.RequireThisHost();
        }

        return facts;
    }

    // libvirt may not answer, and no call inside it can be interrupted.
    private static async Task<T> AskAsync<T>(string uri, Func<string, T> ask, CancellationToken cancellationToken)
    {
        var asked = Task.Factory.StartNew(() => ask(uri), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        try
        {
            return await asked.WaitAsync(Patience, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException) when (!asked.IsCompleted)
        {
            throw new ToolException($"libvirt at {uri} did not answer within {Patience.TotalSeconds:0} s; check whether libvirtd runs and what it waits for (systemctl status libvirtd)");
        }
    }
}
