using Microsoft.Extensions.Logging;
using Passthrough.Sdk.Libvirt.Native;

namespace Passthrough.Sdk.Libvirt;

/// <summary>A domain: a virtual machine, running or only defined.</summary>
/// <remarks>
/// <para>
/// Thread safety: all members may be called from several threads at once; each blocks until libvirt answers. libvirt lets one
/// change of a domain through at a time.
/// </para>
/// <para>
/// This is a reference: to dispose of it leaves the domain as it is. It keeps the connection to the daemon open until it is
/// disposed of or finalised.
/// </para>
/// </remarks>
public sealed partial class LibvirtDomain : IDisposable
{
    private readonly DomainHandle _handle;
    private readonly ILogger _logger;

    internal unsafe LibvirtDomain(DomainHandle handle, LibvirtConnection connection, ILogger logger)
    {
        var uuid = stackalloc byte[16];
        _handle = handle;
        _logger = logger;
        Connection = connection;
        Name = Ensure.Text(LibVirt.virDomainGetName(handle), "cannot read the name of", "a domain");
        Ensure.Success(LibVirt.virDomainGetUUID(handle, uuid), "cannot read the UUID of domain", Name);
        Uuid = new Guid(new ReadOnlySpan<byte>(uuid, 16), bigEndian: true);
    }

    /// <summary>The connection it was found through.</summary>
    public LibvirtConnection Connection { get; }

    /// <summary>Its name when it was looked up (<c>virDomainGetName</c>).</summary>
    public string Name { get; }

    /// <summary>Its UUID (<c>virsh domuuid</c>, <c>virDomainGetUUID</c>).</summary>
    public Guid Uuid { get; }

    /// <summary>What it is doing (<c>virsh domstate</c>, <c>virDomainGetState</c>).</summary>
    /// <exception cref="LibvirtException">It is no more.</exception>
    public DomainState GetState()
    {
        Ensure.Success(LibVirt.virDomainGetState(_handle, out var state, out _, 0), "cannot ask for the state of domain", Name);
        return (DomainState)state;
    }

    /// <summary>Whether it runs, paused or not (<c>virDomainIsActive</c>).</summary>
    /// <exception cref="LibvirtException">It is no more.</exception>
    public bool IsActive() => Ensure.Answer(LibVirt.virDomainIsActive(_handle), "cannot ask for the state of domain", Name);

    /// <summary>Whether it has a definition that outlives its run (<c>virDomainIsPersistent</c>).</summary>
    /// <exception cref="LibvirtException">It is no more.</exception>
    public bool IsPersistent() => Ensure.Answer(LibVirt.virDomainIsPersistent(_handle), "cannot ask for the state of domain", Name);

    /// <summary>Its description (<c>virsh dumpxml</c>, <c>virDomainGetXMLDesc</c>).</summary>
    /// <param name="options">Which description.</param>
    /// <exception cref="LibvirtException">It is no more, or the connection is read-only and secrets were asked for.</exception>
    public string GetXml(DomainXmlOptions options = DomainXmlOptions.None) =>
        Ensure.Text(LibVirt.virDomainGetXMLDesc(_handle, (uint)options), "cannot describe domain", Name);

    /// <summary>
    /// What libvirt warns of in this domain: tainted by unusual settings, deprecated features (<c>virsh dominfo</c>,
    /// <c>virDomainGetMessages</c>). In libvirt's words and language.
    /// </summary>
    /// <returns>Null where libvirt is older than 7.1 or the driver does not say.</returns>
    /// <exception cref="LibvirtException">It is no more.</exception>
    public unsafe IReadOnlyList<string>? GetMessages()
    {
        if (!LibvirtRuntime.Has(nameof(LibVirt.virDomainGetMessages)))
        {
            return null;
        }

        var count = LibVirt.virDomainGetMessages(_handle, out var array, 0);
        if (count >= 0)
        {
            return NativeArray.Take(array, count, Utf8.Take);
        }

        var error = NativeError.Capture();
        return error.Code == LibvirtErrorCode.NoSupport ? null : throw error.ToException("cannot ask for the messages of domain", Name);
    }

    /// <summary>Starts it (<c>virsh start</c>, <c>virDomainCreateWithFlags</c>). Managed host devices are taken from the host's drivers.</summary>
    /// <param name="options">How.</param>
    /// <exception cref="LibvirtException">
    /// It runs already; <see cref="LibvirtErrorCode.ConfigUnsupported"/> where the host cannot pass devices through;
    /// <see cref="LibvirtErrorCode.InternalError"/> with QEMU's text where the emulator refused.
    /// </exception>
    public void Start(DomainStartOptions options = DomainStartOptions.None)
    {
        Ensure.Success(LibVirt.virDomainCreateWithFlags(_handle, (uint)options), "cannot start domain", Name);
        _logger.DomainAction(Name, "started");
    }

    /// <summary>Starts it as <see cref="Start"/> does, on a thread of its own.</summary>
    /// <param name="options">How.</param>
    /// <param name="cancellationToken">Counts until the call into libvirt begins; inside it nothing interrupts it.</param>
    /// <exception cref="LibvirtException">As for <see cref="Start"/>.</exception>
    public Task StartAsync(DomainStartOptions options = DomainStartOptions.None, CancellationToken cancellationToken = default) =>
        Offload.Run(() => Start(options), cancellationToken);

    /// <summary>Pulls its plug (<c>virsh destroy</c>, <c>virDomainDestroyFlags</c>). Managed host devices go back to the host's drivers.</summary>
    /// <param name="graceful">Whether the emulator gets a chance to write its caches; then it may not end at all (<c>--graceful</c>).</param>
    /// <exception cref="LibvirtException">It does not run.</exception>
    public void Destroy(bool graceful = false)
    {
        Ensure.Success(
            LibVirt.virDomainDestroyFlags(_handle, graceful ? NativeFlags.DomainDestroyGraceful : 0), "cannot destroy domain", Name);
        _logger.DomainAction(Name, "destroyed");
    }

    /// <summary>Pulls its plug as <see cref="Destroy"/> does, on a thread of its own.</summary>
    /// <param name="graceful">As in <see cref="Destroy"/>.</param>
    /// <param name="cancellationToken">Counts until the call into libvirt begins; inside it nothing interrupts it.</param>
    /// <exception cref="LibvirtException">It does not run.</exception>
    public Task DestroyAsync(bool graceful = false, CancellationToken cancellationToken = default) =>
        Offload.Run(() => Destroy(graceful), cancellationToken);

    /// <summary>Asks the guest to shut down (<c>virsh shutdown</c>, <c>virDomainShutdownFlags</c>) and returns; the guest may take its time, or not listen.</summary>
    /// <exception cref="LibvirtException">It does not run.</exception>
    public void Shutdown()
    {
        Ensure.Success(LibVirt.virDomainShutdownFlags(_handle, 0), "cannot shut down domain", Name);
        _logger.DomainAction(Name, "asked to shut down");
    }

    /// <summary>Removes its definition (<c>virsh undefine</c>, <c>virDomainUndefineFlags</c>); a running one goes on until it ends.</summary>
    /// <param name="options">What goes with it.</param>
    /// <exception cref="LibvirtException">It has none, or something that <paramref name="options"/> must decide on.</exception>
    public void Undefine(DomainUndefineOptions options = DomainUndefineOptions.None)
    {
        Ensure.Success(LibVirt.virDomainUndefineFlags(_handle, (uint)options), "cannot undefine domain", Name);
        _logger.DomainAction(Name, "undefined");
    }

    /// <summary>Its name.</summary>
    public override string ToString() => Name;

    /// <summary>Gives this reference back (<c>virDomainFree</c>); the domain itself is untouched.</summary>
    public void Dispose() => _handle.Dispose();
}
