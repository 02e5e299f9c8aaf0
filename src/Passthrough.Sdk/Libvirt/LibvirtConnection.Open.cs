using System.Diagnostics;
using System.Runtime.Versioning;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Passthrough.Sdk.Libvirt.Native;
using Passthrough.Sdk.Telemetry;

namespace Passthrough.Sdk.Libvirt;

/// <content>Opening.</content>
public sealed partial class LibvirtConnection
{
    private const string DefaultUri = "libvirt's default URI";

    /// <summary>Opens a connection (<c>virsh -c URI</c>, <c>virConnectOpenAuth</c>).</summary>
    /// <param name="uri">
    /// <c>qemu:///system</c>, <c>xen:///system</c>, <c>qemu+ssh://root@host/system</c>, <c>test:///default</c>;
    /// null for libvirt's own choice (<c>LIBVIRT_DEFAULT_URI</c>, otherwise an available driver).
    /// </param>
    /// <param name="options">The options; null for the defaults.</param>
    /// <exception cref="LibvirtNotAvailableException">No usable libvirt library is installed.</exception>
    /// <exception cref="LibvirtTimeoutException">The daemon does not answer within <see cref="LibvirtConnectionOptions.OpenTimeout"/>.</exception>
    /// <exception cref="LibvirtException">The driver does not exist, the daemon does not respond, or this user lacks the permission.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    /// <exception cref="PlatformNotSupportedException">This machine does not run Linux.</exception>
    [SupportedOSPlatform("linux")]
    public static LibvirtConnection Open(string? uri, LibvirtConnectionOptions? options = null)
    {
        options = Check(uri, options);
        return IsInThisProcess(uri) || options.OpenTimeout == Timeout.InfiniteTimeSpan
            ? Connect(uri, options)
            : ConnectAsync(uri, options, CancellationToken.None).GetAwaiter().GetResult();
    }

    /// <summary>Opens a connection as <see cref="Open"/> does, on a separate thread.</summary>
    /// <param name="uri">As in <see cref="Open"/>.</param>
    /// <param name="options">The options; null for the defaults.</param>
    /// <param name="cancellationToken">Ends the wait. The attempt continues on its thread; a connection that opens too late is closed.</param>
    /// <exception cref="LibvirtNotAvailableException">No usable libvirt library is installed.</exception>
    /// <exception cref="LibvirtTimeoutException">The daemon does not answer within <see cref="LibvirtConnectionOptions.OpenTimeout"/>.</exception>
    /// <exception cref="LibvirtException">The driver does not exist, the daemon does not respond, or this user lacks the permission.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    /// <exception cref="OperationCanceledException">The wait was cancelled.</exception>
    /// <exception cref="PlatformNotSupportedException">This machine does not run Linux.</exception>
    [SupportedOSPlatform("linux")]
    public static Task<LibvirtConnection> OpenAsync(
        string? uri, LibvirtConnectionOptions? options = null, CancellationToken cancellationToken = default) =>
        ConnectAsync(uri, Check(uri, options), cancellationToken);

    private static LibvirtConnectionOptions Check(string? uri, LibvirtConnectionOptions? options)
    {
        if (uri is not null)
        {
            NativeText.Check(uri);
        }

        options ??= new();
        if (options.OpenTimeout != Timeout.InfiniteTimeSpan)
        {
            ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(options.OpenTimeout, TimeSpan.Zero, nameof(options.OpenTimeout));
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(options.KeepAliveInterval, TimeSpan.Zero, nameof(options.KeepAliveInterval));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.KeepAliveInterval, TimeSpan.FromSeconds(int.MaxValue), nameof(options.KeepAliveInterval));
        ArgumentOutOfRangeException.ThrowIfLessThan(options.KeepAliveCount, 1, nameof(options.KeepAliveCount));
        ArgumentOutOfRangeException.ThrowIfLessThan(options.EventCapacity, 1, nameof(options.EventCapacity));
        return options;
    }

    // No daemon that could leave the call without an answer; for anything else, a thread that can be left behind costs less than the connection.
    private static bool IsInThisProcess(string? uri) => uri is not null && LibvirtUriParts.Parse(uri) is { Driver: "test", Transport: null, Host: "" };

    private static Task<LibvirtConnection> ConnectAsync(string? uri, LibvirtConnectionOptions options, CancellationToken cancellationToken) => LibvirtCalls.WaitAsync(
        Offload.Run(() => Connect(uri, options), cancellationToken),
        options.OpenTimeout,
        () => LibvirtTimeoutException.OfOpening(uri ?? DefaultUri, options.OpenTimeout),
        cancellationToken);

    private static LibvirtConnection Connect(string? uri, LibvirtConnectionOptions options)
    {
        using var activity = Signals.Activities.StartActivity("passthrough.libvirt.connect", ActivityKind.Client);
        activity?.SetTag(Tag.LibvirtUri, uri);
        var started = Stopwatch.GetTimestamp();
        try
        {
            var connection = ConnectNow(uri, options);
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

    private static LibvirtConnection ConnectNow(string? uri, LibvirtConnectionOptions options)
    {
        var version = LibvirtRuntime.EnsureStarted();
        var handle = Authentication.Open(uri, options.ReadOnly ? NativeFlags.ConnectReadOnly : 0, options.Authenticate, out var wasAsked, out var failure);
        if (handle.IsInvalid)
        {
            var error = NativeError.Capture(on: null);
            handle.Dispose();
            throw error.ToException("cannot connect to", uri ?? DefaultUri, WayOut.ForOpen(error, uri, wasAsked), failure);
        }

        try
        {
            handle.KeepAlive((int)options.KeepAliveInterval.TotalSeconds, (uint)options.KeepAliveCount);
            var completed = Ensure.Text(LibVirt.virConnectGetURI(handle), handle, "cannot read the URI of", uri ?? DefaultUri);
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
}
