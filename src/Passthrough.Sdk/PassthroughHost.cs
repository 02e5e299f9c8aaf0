using System.IO.Abstractions;
using Passthrough.Sdk.Host;
using Passthrough.Sdk.Host.Archive;
using Passthrough.Sdk.Host.Changes;
using Passthrough.Sdk.Iommu;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Pci.Details;
using Passthrough.Sdk.Sysfs;

namespace Passthrough.Sdk;

/// <summary>The front door: a host to be captured, planned for and acted upon.</summary>
/// <remarks>Opening one reads nothing. Thread safety: all members may be called at once from several threads.</remarks>
/// <example>
/// <code>
/// HostSnapshot snapshot = PassthroughHost.Local().Capture();
/// foreach (PciDevice device in snapshot.Devices)
///     Console.WriteLine(device);
/// </code>
/// </example>
public sealed partial class PassthroughHost
{
    private readonly TimeProvider _time;

    private PassthroughHost(ISysfs sysfs, string source, TimeProvider? time)
    {
        Sysfs = sysfs;
        Source = source;
        _time = time ?? TimeProvider.System;
    }

    /// <summary>What is read: <c>/</c> for this machine, else the directory.</summary>
    public string Source { get; }

    /// <summary>Whether it is this machine itself and not a directory that stands for one.</summary>
    public bool IsLocal => Source == "/";

    internal ISysfs Sysfs { get; }

    /// <summary>This machine.</summary>
    /// <param name="timeProvider">The clock; null: the system's.</param>
    public static PassthroughHost Local(TimeProvider? timeProvider = null) => At("/", timeProvider);

    /// <summary>A host whose files lie in a directory, in a captured archive or in an lspci dump.</summary>
    /// <param name="root">
    /// A directory that stands for <c>/</c>, and no link in it leads out of it; or an archive (<see cref="CaptureTo"/>, or
    /// any tar or tar.gz of a host's files); or what <c>lspci -x</c>, <c>-xxx</c> or <c>-xxxx</c> printed, and what that
    /// does not hold is unknown.
    /// </param>
    /// <param name="timeProvider">The clock; null: the system's.</param>
    /// <exception cref="HostSourceException">It is not there, cannot be read, or is none of these.</exception>
    public static PassthroughHost At(string root, TimeProvider? timeProvider = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(root);
        var full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(root));
        return LinuxSysfs.TryOpen(full, out var sysfs) switch
        {
            Errno.Success => new(sysfs!, full, timeProvider),
            Errno.NotDirectory => new(HostSources.Read(full), full, timeProvider),

            // Before Linux 5.6, and in some sandboxes, the kernel cannot keep a look-up under a root.
            Errno.NotImplemented or Errno.NotPermitted => new(new FileSystemSysfs(new FileSystem(), full), full, timeProvider),
            var errno => throw new HostSourceException(root, Errno.Describe(errno)),
        };
    }

    /// <summary>A host whose files lie in a file system of the caller's.</summary>
    /// <param name="files">The file system.</param>
    /// <param name="root">The directory in it that stands for <c>/</c>.</param>
    /// <param name="timeProvider">The clock; null: the system's.</param>
    public static PassthroughHost Over(IFileSystem files, string root = "/", TimeProvider? timeProvider = null)
    {
        ArgumentNullException.ThrowIfNull(files);
        ArgumentException.ThrowIfNullOrEmpty(root);
        return new(new FileSystemSysfs(files, root), root, timeProvider);
    }

    /// <summary>Reads the host.</summary>
    /// <param name="options">How much is read; null: <see cref="CaptureOptions.Everything"/>.</param>
    /// <returns>
    /// What the host says now. A device that vanishes meanwhile, a file that is not permitted: nothing throws, and
    /// <see cref="HostSnapshot.Unread"/> has it.
    /// </returns>
    public HostSnapshot Capture(CaptureOptions? options = null)
    {
        options ??= CaptureOptions.Everything;
        var at = _time.GetUtcNow();
        var unread = new UnreadSources();
        var devices = PciBusReader.Read(Sysfs, unread);
        var groups = IommuGroupReader.Read(Sysfs, devices, options.IommuGroupDetails, unread);
        ReadDetails(devices, groups, options, unread);
        var system = options.System ? HostSystemReader.Read(Sysfs, options.OpenHandles) : new HostSystem();
        return new HostSnapshot(at, Source, devices, groups, unread.ToImmutable()) { System = system };
    }

    /// <summary>Captures everything about the host into an archive (tar.gz) that <see cref="At"/> reads as the host.</summary>
    /// <param name="archive">Takes the archive; it stays open. The same host gives the same bytes.</param>
    /// <param name="includeSecrets">
    /// Whether serial numbers, hardware addresses and UUIDs stay in. Otherwise zeros of their form are in their place. What
    /// processes run, and what they have open, is never in it.
    /// </param>
    /// <returns>The snapshot that was captured on the way, with the details of every function.</returns>
    /// <exception cref="IOException">The archive cannot be written.</exception>
    public HostSnapshot CaptureTo(Stream archive, bool includeSecrets = false)
    {
        ArgumentNullException.ThrowIfNull(archive);
        var record = new TreeSysfs();
        var recording = new RecordingSysfs(Sysfs, record);
        var snapshot = From(recording, Source, _time).Capture(new CaptureOptions { AllDetails = true, VitalProductData = true });
        recording.Close();
        HostArchiveWriter.Write(record, archive, includeSecrets);
        return snapshot;
    }

    /// <summary>Tells the changes of this machine's PCI functions as they happen (<c>udevadm monitor --kernel --subsystem-match=pci</c>).</summary>
    /// <param name="options">How much of the host is captured after each change; null: <see cref="CaptureOptions.DevicesOnly"/>.</param>
    /// <param name="cancellationToken">Ends the watch.</param>
    /// <returns>
    /// First a change of kind <see cref="HostChangeKind.Started"/> with the first snapshot, then every change in the kernel's
    /// order. When the kernel had to drop some, <see cref="HostChangeKind.Overflowed"/> with a fresh snapshot.
    /// </returns>
    /// <exception cref="InvalidOperationException">This host is not the local one.</exception>
    /// <exception cref="HostSourceException">The kernel or a sandbox does not give its messages.</exception>
    /// <exception cref="OperationCanceledException">The watch was cancelled.</exception>
    public IAsyncEnumerable<HostChange> WatchAsync(CaptureOptions? options = null, CancellationToken cancellationToken = default) =>
        IsLocal
            ? HostWatch.WatchAsync(UeventSocket.Open(), () => Capture(options ?? CaptureOptions.DevicesOnly), cancellationToken)
            : throw new InvalidOperationException($"the host at '{Source}' is made of files, which do not change; watch PassthroughHost.Local()");

    internal static PassthroughHost From(ISysfs sysfs, string source, TimeProvider? time) => new(sysfs, source, time);

    private void ReadDetails(PciDeviceCollection devices, IommuGroupCollection groups, CaptureOptions options, UnreadSources unread)
    {
        var shared = options.Isolation ? groups.Where(group => group.Devices.Length > 1).SelectMany(group => group.Devices).ToHashSet() : [];
        var reader = new PciDetailsReader(Sysfs, unread, options.VitalProductData);
        foreach (var device in devices)
        {
            if (options.AllDetails || options.DetailsOf.Contains(device.Address))
            {
                device.Details = reader.Read(device);
            }
            else if (shared.Contains(device.Address) || (shared.Count > 0 && device.ClassCode?.IsPciBridge == true))
            {
                device.Details = reader.ReadIsolation(device);
            }
        }
    }
}
