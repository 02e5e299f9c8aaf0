using System.Runtime.Versioning;
using Microsoft.Extensions.Logging;
using Passthrough.Sdk.Libvirt.Native;

namespace Passthrough.Sdk.Libvirt;

/// <summary>A connection to libvirt (<c>virsh -c URI</c>).</summary>
/// <remarks>
/// <para>
/// Thread safety: all members may be called from several threads at the same time. Each call blocks its thread until libvirt answers. A
/// daemon that does not respond is given up after <see cref="LibvirtConnectionOptions.KeepAliveInterval"/> times
/// (<see cref="LibvirtConnectionOptions.KeepAliveCount"/> + 1), 35 seconds by default: then every call fails with
/// <see cref="LibvirtConnectionLostException"/>. To wait for a shorter time, use <see cref="LibvirtConnectionExtensions.CallAsync{T}"/>.
/// </para>
/// <para>
/// Domains and node devices keep the connection to the daemon open until they are disposed of too, in any order. Objects that are not
/// disposed of are released by their finalisers. Neither waits for a daemon that does not respond: <see cref="Dispose"/> waits up to one
/// second for its answer, and a finaliser does not wait.
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
    // A healthy daemon answers in milliseconds. What takes longer goes on without whoever disposes.
    private static readonly TimeSpan CloseLimit = TimeSpan.FromSeconds(1);

    private readonly ConnectHandle _handle;
    private readonly ILogger _logger;
    private readonly Action<LibvirtException>? _lost;
    private bool _isDisposed;

    private LibvirtConnection(ConnectHandle handle, string uri, LibvirtConnectionOptions options, ILogger logger)
    {
        _handle = handle;
        _logger = logger;
        _lost = options.Lost;
        Uri = uri;
        IsReadOnly = options.ReadOnly;
        _domainEvents = new((target, registrations) => DomainEvents.Register(handle, target, uri, registrations), options.EventCapacity);
        _nodeDeviceEvents = new((target, registrations) => NodeDeviceEvents.Register(handle, target, uri, registrations), options.EventCapacity);
    }

    // Its domains keep the handle open after this has been disposed of.
    private ConnectHandle Handle
    {
        get
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            return _handle;
        }
    }

    /// <summary>The turns of the asynchronous calls.</summary>
    internal SemaphoreSlim Turns { get; } = new(LibvirtCalls.OfOneConnection);

    /// <inheritdoc/>
    public string Uri { get; }

    /// <inheritdoc/>
    public bool IsReadOnly { get; }

    /// <summary>Gets the version of the libvirt library in this process (<c>virGetVersion</c>).</summary>
    /// <exception cref="LibvirtNotAvailableException">No usable libvirt library is installed.</exception>
    /// <exception cref="PlatformNotSupportedException">This machine does not run Linux.</exception>
    [SupportedOSPlatform("linux")]
    public static Version LibraryVersion => LibvirtRuntime.EnsureStarted();

    /// <summary>Gets the address of a function of the libvirt library in this process, for <see cref="LibvirtNativeExtensions"/>.</summary>
    /// <param name="function">The name of the function.</param>
    /// <param name="since">The version of libvirt that brought it, for the exception.</param>
    /// <returns>The address, which stays valid until the process ends.</returns>
    /// <exception cref="LibvirtTooOldException">The library does not have the function.</exception>
    /// <exception cref="LibvirtNotAvailableException">No usable libvirt library is installed.</exception>
    /// <exception cref="PlatformNotSupportedException">This machine does not run Linux.</exception>
    [SupportedOSPlatform("linux")]
    public static nint GetNativeFunction(string function, Version since)
    {
        NativeText.Check(function);
        ArgumentNullException.ThrowIfNull(since);
        LibvirtRuntime.EnsureStarted();
        return LibvirtRuntime.Find(function, since);
    }

    /// <inheritdoc/>
    public string GetDriverType() => Ensure.Text(LibVirt.virConnectGetType(Handle), Handle, "cannot read the driver of", Uri);

    /// <inheritdoc/>
    public Version GetHypervisorVersion()
    {
        Ensure.Success(LibVirt.virConnectGetVersion(Handle, out var version), Handle, "cannot read the hypervisor's version at", Uri);
        return LibvirtRuntime.ToVersion(version);
    }

    /// <inheritdoc/>
    public Version GetLibvirtVersion()
    {
        Ensure.Success(LibVirt.virConnectGetLibVersion(Handle, out var version), Handle, "cannot read the daemon's version at", Uri);
        return LibvirtRuntime.ToVersion(version);
    }

    /// <inheritdoc/>
    public string GetHostname() => Ensure.Text(LibVirt.virConnectGetHostname(Handle), Handle, "cannot read the host name at", Uri);

    /// <inheritdoc/>
    public string GetCapabilities() =>
        Ensure.Text(LibVirt.virConnectGetCapabilities(Handle), Handle, "cannot read the capabilities at", Uri);

    /// <inheritdoc/>
    public string GetDomainCapabilities(
        string? emulator = null, string? architecture = null, string? machine = null, string? virtualizationType = null) =>
        Ensure.Text(
            LibVirt.virConnectGetDomainCapabilities(Handle, emulator, architecture, machine, virtualizationType, 0),
            Handle,
            "cannot read the domain capabilities at",
            Uri);

    /// <inheritdoc/>
    public bool IsAlive() => Ensure.Answer(LibVirt.virConnectIsAlive(Handle), Handle, "cannot check the connection to", Uri);

    /// <inheritdoc/>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _isDisposed, true))
        {
            return;
        }

        _logger.Closing(Uri);
        _domainEvents.Close();
        _nodeDeviceEvents.Close();
        _handle.Dispose();
        if (!_handle.WaitForReleases(CloseLimit))
        {
            _logger.ClosesLater(Uri);
        }
    }
}
