using System.IO.Abstractions;
using Passthrough.Sdk.Host;
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

    /// <summary>A host whose files lie in a directory.</summary>
    /// <param name="root">The directory that stands for <c>/</c>. No link in it leads out of it.</param>
    /// <param name="timeProvider">The clock; null: the system's.</param>
    /// <exception cref="HostSourceException">The directory is not there or cannot be entered.</exception>
    public static PassthroughHost At(string root, TimeProvider? timeProvider = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(root);
        var full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(root));
        return LinuxSysfs.TryOpen(full, out var sysfs) switch
        {
            Errno.Success => new(sysfs!, full, timeProvider),

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
        ReadDetails(devices, options, unread);
        var system = options.System ? HostSystemReader.Read(Sysfs) : new HostSystem();
        return new HostSnapshot(at, Source, devices, groups, unread.ToImmutable()) { System = system };
    }

    private void ReadDetails(PciDeviceCollection devices, CaptureOptions options, UnreadSources unread)
    {
        var reader = new PciDetailsReader(Sysfs, unread);
        foreach (var device in devices)
        {
            if (options.AllDetails || options.DetailsOf.Contains(device.Address))
            {
                device.Details = reader.Read(device);
            }
        }
    }
}
