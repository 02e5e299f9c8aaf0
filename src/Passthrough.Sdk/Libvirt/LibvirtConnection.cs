using System.Diagnostics;
using System.Runtime.Versioning;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Passthrough.Sdk.Libvirt.Native;
using Passthrough.Sdk.Telemetry;

namespace Passthrough.Sdk.Libvirt;

/// <summary>A connection to libvirt (<c>virsh -c URI</c>).</summary>
/// <remarks>
/// <para>
/// Thread safety: all members may be called from several threads at the same time. Each call blocks its thread until libvirt answers,
/// which may take a long time if the daemon does not respond. The Async members use a separate thread.
/// </para>
/// <para>
/// Domains and node devices keep the connection to the daemon open until they are disposed of too, in any order. Objects that are not
/// disposed of are released by their finalisers.
/// </para>
/// <para>
/// The first connection starts libvirt's event loop on a background thread and keeps libvirt from printing its errors to
/// stderr. Warnings of drivers that run inside the process (<c>qemu:///embed</c>) belong to libvirt's log, which goes where
/// <c>LIBVIRT_LOG_OUTPUTS</c> says.
/// </para>
/// </remarks>
/// <example>
/// <code>
/// using var libvirt = LibvirtConnection.Open("qemu:///system");
/// using var domain = libvirt.GetDomain("vm1");
/// domain.Start();
/// </code>
/// </example>
public sealed partial class LibvirtConnection : ILibvirtConnection
{
    // virsh's own: a peer that is silent for 5 s is asked, and given up after six questions without an answer.
    private const int KeepAliveSeconds = 5;
    private const uint KeepAliveCount = 6;

    private readonly ConnectHandle _handle;
    private readonly ILogger _logger;
    private readonly Action<LibvirtException>? _lost;

    private LibvirtConnection(ConnectHandle handle, string uri, LibvirtConnectionOptions options, ILogger logger)
    {
        _handle = handle;
        _logger = logger;
        _lost = options.Lost;
        Uri = uri;
        IsReadOnly = options.ReadOnly;
        _domainEvents = new((target, registrations) => DomainEvents.Register(handle, target, uri, registrations));
        _nodeDeviceEvents = new((target, registrations) => NodeDeviceEvents.Register(handle, target, uri, registrations));
    }

    /// <inheritdoc/>
    public string Uri { get; }

    /// <inheritdoc/>
    public bool IsReadOnly { get; }

    /// <summary>Gets the version of the libvirt library in this process (<c>virGetVersion</c>).</summary>
    /// <exception cref="LibvirtNotAvailableException">No usable libvirt library is installed.</exception>
    /// <exception cref="PlatformNotSupportedException">This machine does not run Linux.</exception>
    [SupportedOSPlatform("linux")]
    public static Version LibraryVersion => LibvirtRuntime.EnsureStarted();

    /// <summary>Opens a connection (<c>virsh -c URI</c>, <c>virConnectOpen</c>, <c>virConnectOpenReadOnly</c>).</summary>
    /// <param name="uri">
    /// <c>qemu:///system</c>, <c>xen:///system</c>, <c>qemu+ssh://root@host/system</c>, <c>test:///default</c>;
    /// null for libvirt's own choice (<c>LIBVIRT_DEFAULT_URI</c>, otherwise an available driver).
    /// </param>
    /// <param name="options">The options; null for the defaults.</param>
    /// <exception cref="LibvirtNotAvailableException">No usable libvirt library is installed.</exception>
    /// <exception cref="LibvirtException">There is no such driver, the daemon does not respond, or this user has no permission.</exception>
    /// <exception cref="PlatformNotSupportedException">This machine does not run Linux.</exception>
    [SupportedOSPlatform("linux")]
    public static LibvirtConnection Open(string? uri, LibvirtConnectionOptions? options = null)
    {
        if (uri is not null)
        {
            NativeText.Check(uri);
        }

        using var activity = Signals.Activities.StartActivity("passthrough.libvirt.connect", ActivityKind.Client);
        activity?.SetTag(Tag.LibvirtUri, uri);
        var started = Stopwatch.GetTimestamp();
        try
        {
            var connection = Connect(uri, options ?? new());
            Signals.ConnectDuration.Record(Stopwatch.GetElapsedTime(started).TotalSeconds);
            return connection;
        }
        catch (Exception e)
        {
            activity.Fail(e);
            Signals.ConnectDuration.Record(Stopwatch.GetElapsedTime(started).TotalSeconds, new KeyValuePair<string, object?>(Tag.ErrorType, Signals.TypeOf(e)));
            throw;
        }
    }

    private static LibvirtConnection Connect(string? uri, LibvirtConnectionOptions options)
    {
        var version = LibvirtRuntime.EnsureStarted();
        var handle = options.ReadOnly ? LibVirt.virConnectOpenReadOnly(uri) : LibVirt.virConnectOpen(uri);
        if (handle.IsInvalid)
        {
            var error = NativeError.Capture();
            handle.Dispose();
            throw error.ToException("cannot connect to", uri ?? "libvirt's default URI", WayOut.ForOpen(error));
        }

        try
        {
            // Without it a call to a host that has vanished waits forever. Drivers inside the process refuse it, and need none.
            _ = LibVirt.virConnectSetKeepAlive(handle, KeepAliveSeconds, KeepAliveCount);
            var completed = Ensure.Text(LibVirt.virConnectGetURI(handle), "cannot read the URI of", uri ?? "libvirt's default URI");
            var logger = (ILogger?)options.LoggerFactory?.CreateLogger<LibvirtConnection>() ?? NullLogger.Instance;
            var connection = new LibvirtConnection(handle, completed, options, logger);
            handle.Watch(connection);
            logger.Connected(completed, version);
            return connection;
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }

    /// <summary>Opens a connection as <see cref="Open"/> does, on a separate thread.</summary>
    /// <param name="uri">As in <see cref="Open"/>.</param>
    /// <param name="options">The options; null for the defaults.</param>
    /// <param name="cancellationToken">Cancels until the libvirt call begins; the call itself is not interrupted.</param>
    /// <exception cref="LibvirtNotAvailableException">No usable libvirt library is installed.</exception>
    /// <exception cref="LibvirtException">There is no such driver, the daemon does not respond, or this user has no permission.</exception>
    /// <exception cref="PlatformNotSupportedException">This machine does not run Linux.</exception>
    [SupportedOSPlatform("linux")]
    public static Task<LibvirtConnection> OpenAsync(
        string? uri, LibvirtConnectionOptions? options = null, CancellationToken cancellationToken = default) =>
        Offload.Run(() => Open(uri, options), cancellationToken);

    /// <inheritdoc/>
    public string GetDriverType() => Ensure.Text(LibVirt.virConnectGetType(_handle), "cannot read the driver of", Uri);

    /// <inheritdoc/>
    public Version GetHypervisorVersion()
    {
        Ensure.Success(LibVirt.virConnectGetVersion(_handle, out var version), "cannot read the hypervisor's version at", Uri);
        return LibvirtRuntime.ToVersion(version);
    }

    /// <inheritdoc/>
    public Version GetLibvirtVersion()
    {
        Ensure.Success(LibVirt.virConnectGetLibVersion(_handle, out var version), "cannot read the daemon's version at", Uri);
        return LibvirtRuntime.ToVersion(version);
    }

    /// <inheritdoc/>
    public string GetHostname() => Ensure.Text(LibVirt.virConnectGetHostname(_handle), "cannot read the host name at", Uri);

    /// <inheritdoc/>
    public string GetCapabilities() =>
        Ensure.Text(LibVirt.virConnectGetCapabilities(_handle), "cannot read the capabilities at", Uri);

    /// <inheritdoc/>
    public string GetDomainCapabilities(
        string? emulator = null, string? architecture = null, string? machine = null, string? virtualizationType = null) =>
        Ensure.Text(
            LibVirt.virConnectGetDomainCapabilities(_handle, emulator, architecture, machine, virtualizationType, 0),
            "cannot read the domain capabilities at",
            Uri);

    /// <inheritdoc/>
    public bool IsAlive() => Ensure.Answer(LibVirt.virConnectIsAlive(_handle), "cannot check the connection to", Uri);

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_handle.IsClosed)
        {
            return;
        }

        _logger.Closing(Uri);
        _domainEvents.Close();
        _nodeDeviceEvents.Close();
        _handle.Dispose();
    }
}
