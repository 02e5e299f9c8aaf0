using System.Diagnostics;
using System.IO.Abstractions;
using System.Runtime.Versioning;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Files;
using Passthrough.Sdk.Host;
using Passthrough.Sdk.Host.Archive;
using Passthrough.Sdk.Host.Changes;
using Passthrough.Sdk.Iommu;
using Passthrough.Sdk.Libvirt;
using Passthrough.Sdk.Libvirt.Native;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Pci.Details;
using Passthrough.Sdk.Plans;
using Passthrough.Sdk.Readiness.Rules;
using Passthrough.Sdk.Sysfs;
using Passthrough.Sdk.Telemetry;

namespace Passthrough.Sdk;

/// <summary>The entry point of the library: a host that can be captured, planned for and changed.</summary>
/// <remarks>Creating a host reads no files. Thread safety: all members may be called from several threads at the same time.</remarks>
/// <example>
/// <code>
/// HostSnapshot snapshot = PassthroughHost.Local().Capture();
/// foreach (PciDevice device in snapshot.Devices)
///     Console.WriteLine(device);
/// </code>
/// </example>
public sealed partial class PassthroughHost : IPassthroughHost
{
    private readonly TimeProvider _time;
    private readonly ILoggerFactory? _loggers;
    private readonly ILogger _logger;
    private readonly Lazy<PciIdDatabase> _names;
    private readonly IFakeFiles? _fake;
    private readonly PlanOptions _plans;
    private readonly string? _directory;

    private PassthroughHost(
        ISysfs sysfs, string source, TimeProvider? time, ILoggerFactory? loggers = null, bool isLocal = false, IFakeFiles? fake = null, string? directory = null,
        PlanOptions? plans = null)
    {
        _loggers = loggers;
        _logger = (ILogger?)loggers?.CreateLogger<PassthroughHost>() ?? NullLogger.Instance;
        _names = new(() => PciIdDatabase.Load(_fake is not null && !PciIdFile.Places.Any(_fake.Has) ? null : FilesDirectory));
        _directory = directory;
        _fake = fake;
        _plans = plans ?? new();
        Sysfs = sysfs;
        Source = source;
        IsLocal = isLocal;
        _time = time ?? TimeProvider.System;
    }

    /// <inheritdoc/>
    public string Source { get; }

    /// <inheritdoc/>
    public bool IsLocal { get; }

    internal ISysfs Sysfs { get; }

    // The directory whose files can be changed; null where they can only be read. That of a fake host exists from here on.
    private string? FilesDirectory
    {
        get
        {
            _fake?.MakeDirectory();
            return _fake?.Root ?? _directory;
        }
    }

    /// <summary>Creates a host for this machine, the only kind of host that plans, acts and watches.</summary>
    /// <param name="timeProvider">The clock; null means the system clock.</param>
    /// <param name="loggerFactory">Gets a message for each capture, at the level Debug, and those of plans whose options name no other factory; null for none.</param>
    /// <exception cref="PlatformNotSupportedException">This machine does not run Linux.</exception>
    [SupportedOSPlatform("linux")]
    public static PassthroughHost Local(TimeProvider? timeProvider = null, ILoggerFactory? loggerFactory = null)
    {
        LinuxOnly.Require("PassthroughHost.Local", "read a captured host with PassthroughHost.At, or run the program on the Linux host itself");
        return Open("/", timeProvider, loggerFactory, isLocal: true);
    }

    /// <summary>Creates a host from a directory, a captured archive or an lspci dump. It is read-only, except for the boot files in a directory (<see cref="PlanBoot"/>).</summary>
    /// <param name="root">
    /// A directory with the files of a host (links are resolved inside it); or an archive (from <see cref="CaptureTo"/>, or any tar or
    /// tar.gz of a host's files); or the output of <c>lspci -x</c>, <c>-xxx</c> or <c>-xxxx</c>. Information that the source does not
    /// contain is unknown.
    /// </param>
    /// <param name="timeProvider">The clock; null means the system clock.</param>
    /// <param name="loggerFactory">Gets a message for each capture, at the level Debug, and those of plans whose options name no other factory; null for none.</param>
    /// <remarks>This works on every operating system. A directory of a host cannot exist on Windows, whose file names have no colons; an archive can.</remarks>
    /// <exception cref="HostSourceException">The source does not exist, cannot be read, or is none of these.</exception>
    public static PassthroughHost At(string root, TimeProvider? timeProvider = null, ILoggerFactory? loggerFactory = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(root);
        return Open(root, timeProvider, loggerFactory, isLocal: false);
    }

    /// <summary>Creates a host from a file system that the caller provides. It is read-only, even if the root is <c>/</c>.</summary>
    /// <param name="files">The file system.</param>
    /// <param name="root">The directory in it that contains the host's files.</param>
    /// <param name="timeProvider">The clock; null means the system clock.</param>
    /// <param name="loggerFactory">Gets a message for each capture, at the level Debug; null for none.</param>
    public static PassthroughHost Over(IFileSystem files, string root = "/", TimeProvider? timeProvider = null, ILoggerFactory? loggerFactory = null)
    {
        ArgumentNullException.ThrowIfNull(files);
        ArgumentException.ThrowIfNullOrEmpty(root);
        return new(new FileSystemSysfs(files, root), root, timeProvider, loggerFactory);
    }

    /// <summary>Creates the same host with other defaults for its plans.</summary>
    /// <param name="options">
    /// The options of a plan or a recovery that is given none. A plan that is given options uses only those, so derive them from these, with the
    /// same journal: <c>options with { Accepted = [...] }</c>.
    /// </param>
    /// <exception cref="ArgumentException">The options accept a finding. Whoever accepts a finding does so for one plan.</exception>
    public PassthroughHost WithPlanOptions(PlanOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return options.Accepted.IsEmpty
            ? new(Sysfs, Source, _time, _loggers, IsLocal, _fake, _directory, options)
            : throw new ArgumentException($"the defaults of all plans accept {string.Join(", ", options.Accepted)}; accept a finding in the options of the plan that it is about", nameof(options));
    }

    /// <inheritdoc/>
    public HostSnapshot Capture(CaptureOptions? options = null)
    {
        options ??= CaptureOptions.Default;
        using var activity = Signals.Activities.StartActivity("passthrough.capture");
        var started = _time.GetTimestamp();
        try
        {
            var snapshot = Read(options);
            Report(snapshot, options, started, activity);
            return snapshot;
        }
        catch (Exception e)
        {
            activity.Fail(e);
            throw;
        }
    }

    private HostSnapshot Read(CaptureOptions options)
    {
        var at = _time.GetUtcNow();
        var unread = new UnreadSources();
        var devices = PciBusReader.Read(Sysfs, unread);
        var groups = IommuGroupReader.Read(Sysfs, devices, options.IommuGroupDetails, unread);
        ReadDetails(devices, groups, options, unread);
        var system = options.System ? HostSystemReader.Read(Sysfs, options.OpenHandles, DisksOf(devices, options)) : new HostSystem();
        return new HostSnapshot(at, Source, devices, groups, unread.ToValueList()) { System = system };
    }

    /// <inheritdoc/>
    public Task<HostSnapshot> CaptureAsync(CaptureOptions? options = null, CancellationToken cancellationToken = default) =>
        Offload.Run(() => Capture(options), cancellationToken);

    /// <inheritdoc/>
    public HostSnapshot CaptureTo(Stream archive, bool includeSecrets = false)
    {
        ArgumentNullException.ThrowIfNull(archive);
        var record = new TreeSysfs();
        var recording = new RecordingSysfs(Sysfs, record);
        var snapshot = new PassthroughHost(recording, Source, _time, _loggers, fake: _fake, directory: _directory).Capture(new CaptureOptions { AllDetails = true, VitalProductData = true });
        recording.Close();
        HostArchiveWriter.Write(record, archive, includeSecrets);
        return snapshot;
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<HostChange> WatchAsync(CaptureOptions? options = null, CancellationToken cancellationToken = default) =>
        IsLocal && _fake is null
            ? HostWatch.WatchAsync(UeventSocket.Open(), () => Capture(options ?? CaptureOptions.DevicesOnly), cancellationToken)
            : throw new HostNotLocalException(Source, "a watch");

    /// <summary>A host of Passthrough.Sdk.Testing: it plans and acts on its own files, and on nothing of this machine.</summary>
    internal static PassthroughHost Fake(ISysfs sysfs, IFakeFiles files, TimeProvider? time) => new(sysfs, files.Root, time, isLocal: true, fake: files);

    internal static PassthroughHost From(ISysfs sysfs, string source, TimeProvider? time) => new(sysfs, source, time);

    // Whether somebody holds a disk is asked for the functions in question and for those behind them; for all only where who has
    // what open is asked too.
    private static ValueList<PciAddress> DisksOf(PciDeviceCollection devices, CaptureOptions options) =>
        options is { AllDetails: true, OpenHandles: true } ? [.. devices.Select(device => device.Address)] : [.. options.DetailsOf, .. Vmd.Behind(devices, options.DetailsOf)];

    private static PassthroughHost Open(string root, TimeProvider? timeProvider, ILoggerFactory? loggers, bool isLocal)
    {
        var full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(root));
        return LinuxSysfs.TryOpen(full, out var sysfs) switch
        {
            Errno.Success => new(sysfs!, full, timeProvider, loggers, isLocal, directory: full),
            Errno.NotDirectory => new(HostSources.Read(full), full, timeProvider, loggers),

            // Before Linux 5.6, and in some sandboxes, the kernel cannot keep a look-up under a root.
            Errno.NotImplemented or Errno.NotPermitted => new(new FileSystemSysfs(new FileSystem(), full), full, timeProvider, loggers, isLocal, directory: full),
            var errno => throw new HostSourceException(root, Errno.Describe(errno)),
        };
    }

    // A fake host must not move the devices of this machine by way of its libvirt.
    private void RequireOwn(ILibvirtConnection connection)
    {
        if (_fake is not null && connection is LibvirtConnection)
        {
            throw new HostNotLocalException(Source, "a domain of a real libvirt");
        }
    }

    private void Report(HostSnapshot snapshot, CaptureOptions options, long started, Activity? activity)
    {
        var elapsed = _time.GetElapsedTime(started);
        var scope = !options.System ? "devices" : options.OpenHandles ? "handles" : "host";
        Signals.CaptureDuration.Record(elapsed.TotalSeconds, new KeyValuePair<string, object?>(Tag.CaptureScope, scope));
        activity?.SetTag(Tag.CaptureScope, scope)
            .SetTag(Tag.HostSource, Source)
            .SetTag(Tag.CaptureDevices, snapshot.Devices.Count)
            .SetTag(Tag.CaptureGroups, snapshot.IommuGroups.Count)
            .SetTag(Tag.CaptureUnread, snapshot.Unread.Count);
        if (!_logger.IsEnabled(LogLevel.Debug))
        {
            return;
        }

        foreach (var source in snapshot.Unread)
        {
            _logger.Unread(source.Path, source.Reason);
        }

        _logger.Captured(
            Source, Math.Round(elapsed.TotalMilliseconds, 1), snapshot.Devices.Count, snapshot.IommuGroups.Count, snapshot.Unread.Count);
    }

    private void RequireLocal(string what)
    {
        if (!IsLocal)
        {
            throw new HostNotLocalException(Source, what);
        }
    }

    private void ReadDetails(PciDeviceCollection devices, IommuGroupCollection groups, CaptureOptions options, UnreadSources unread)
    {
        var shared = options.Isolation ? groups.Where(group => group.Devices.Count > 1).SelectMany(group => group.Devices).ToHashSet() : [];
        var reader = new PciDetailsReader(Sysfs, unread, options.VitalProductData);
        foreach (var device in devices)
        {
            device.Names = _names;
            if (options.AllDetails || options.DetailsOf.Contains(device.Address))
            {
                device.Details = reader.Read(device);
            }
            else if (shared.Contains(device.Address) || (shared.Count > 0 && device.ClassCode?.IsPciBridge == true))
            {
                device.Details = reader.ReadIsolation(device);
            }
        }

        // Of the ports above the functions in question the bus numbers count, which say how many virtual functions there is room for.
        foreach (var address in options.Isolation ? devices.Where(device => device.Details?.Sriov is not null).SelectMany(device => device.Details!.Bridges).Distinct().ToList() : [])
        {
            if (devices.TryGet(address, out var port))
            {
                port.Details ??= reader.ReadIsolation(port);
            }
        }
    }
}
