using System.Text;
using Passthrough.Sdk.Files;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Sysfs;
using Passthrough.Sdk.Testing.Trees;

namespace Passthrough.Sdk.Testing;

/// <summary>
/// A host that consists of files, with the links that a kernel would create, for tests that need no hardware and no privileges. The files are in memory
/// until a test needs them in a directory.
/// </summary>
/// <remarks>
/// <para>
/// Every method returns the host, so a host can be built in one expression. Paths are those on the host
/// (<c>/proc/cmdline</c>, <c>/sys/bus/pci/devices</c>); <see cref="PathOf"/> returns the path on this machine, and writes the files there first.
/// </para>
/// <para>
/// <c>fake.Open().Capture()</c> reads it in memory, and <c>PassthroughHost.At(fake.Root)</c> from its directory. <see cref="Open"/> returns a host that also plans and acts on the tree, in which
/// a simple replacement for the kernel binds drivers and creates virtual functions. With <see cref="FakeLibvirt"/>, a plan can be made,
/// applied, made to fail and undone. A test with it shows how your code behaves, not what a real kernel does. Not thread-safe: build the
/// host first; then it can be read from several threads.
/// </para>
/// </remarks>
/// <example>
/// <code>
/// using var fake = FakeHost.Create()
///     .AddSystem()
///     .AddPciBridge("0000:00:1c.0", secondaryBus: 1, iommuGroup: 8)
///     .AddPciDevice("0000:01:00.0", vendor: 0x8086, device: 0x10d3, @class: 0x020000, driver: "e1000e", iommuGroup: 9, parent: "0000:00:1c.0")
///     .WriteFile("/proc/cmdline", "root=/dev/vda1 intel_iommu=on\n");
///
/// var snapshot = fake.Open().Capture();
/// Assert.True(snapshot.CheckReadiness().IsReady);
/// </code>
/// </example>
public sealed partial class FakeHost : IFakeFiles, IDisposable
{
    private readonly Dictionary<PciAddress, string> _devices = [];
    private readonly Lock _files = new();
    private volatile IFakeStore _store;
    private string? _root;
    private bool _isDisposed;

    private FakeHost()
    {
        _store = new FakeTree(_files);
        foreach (var directory in (ReadOnlySpan<string>)["/sys", "/proc", "/etc", "/boot", "/dev", "/sys/bus/pci/devices", "/sys/bus/pci/drivers"])
        {
            _store.CreateDirectory(directory);
        }
    }

    /// <summary>
    /// Gets the root directory of the host on this machine. The first use makes it: before, the host is in memory. It is deleted, with everything in
    /// it, when the host is disposed of.
    /// </summary>
    /// <exception cref="IOException">The directory cannot be created.</exception>
    /// <exception cref="PlatformNotSupportedException">This program runs on Windows, which has no file names with colons, as sysfs has them.</exception>
    public string Root
    {
        get
        {
            MakeDirectory();
            return RootName;
        }
    }

    /// <summary>
    /// Creates an empty host in memory. Its files are written to a new temporary directory when something needs them: <see cref="Root"/>, <see cref="PathOf"/>, or
    /// a plan that is applied. That directory is in memory too (<c>/dev/shm</c>) if there is room and <c>TMPDIR</c> is not set, otherwise on disk.
    /// </summary>
    public static FakeHost Create() => new();

    /// <summary>Creates an empty host in a new directory with a name.</summary>
    /// <param name="root">The directory to create; it is deleted with the host, so it must not exist.</param>
    /// <exception cref="IOException">The name exists already, or the directory cannot be created.</exception>
    /// <exception cref="PlatformNotSupportedException">This program runs on Windows, which has no file names with colons, as sysfs has them.</exception>
    public static FakeHost Create(string root)
    {
        ArgumentException.ThrowIfNullOrEmpty(root);
        var host = new FakeHost { _root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(root)) };
        host.MakeDirectory();
        return host;
    }

    /// <summary>Returns where a path of the host is on this machine.</summary>
    /// <param name="path">The path on the host, for example <c>/proc/cmdline</c>.</param>
    /// <exception cref="ArgumentException">The path leads out of the host.</exception>
    /// <inheritdoc cref="Root" path="/exception"/>
    public string PathOf(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var inside = HostPath.Normalize(path);
        return inside == "/" ? Root : Root + inside;
    }

    /// <summary>Writes a file and creates its directories; an existing file is replaced.</summary>
    /// <param name="path">The file's path on the host.</param>
    /// <param name="content">The content, in UTF-8. The kernel ends its attributes with a line feed, so include it here.</param>
    public FakeHost WriteFile(string path, string content)
    {
        ArgumentNullException.ThrowIfNull(content);
        return WriteFile(path, Encoding.UTF8.GetBytes(content));
    }

    /// <summary>Writes a binary file and creates its directories; an existing file is replaced.</summary>
    /// <param name="path">The file's path on the host.</param>
    /// <param name="content">The content.</param>
    public FakeHost WriteFile(string path, ReadOnlySpan<byte> content)
    {
        lock (_files)
        {
            _store.Write(Inside(path), content);
        }

        return this;
    }

    /// <summary>Creates a directory, with those above it.</summary>
    /// <param name="path">The directory's path on the host.</param>
    public FakeHost AddDirectory(string path)
    {
        lock (_files)
        {
            _store.CreateDirectory(Inside(path));
        }

        return this;
    }

    /// <summary>Creates a symbolic link, which is relative, as in the kernel.</summary>
    /// <param name="path">The link's path on the host.</param>
    /// <param name="target">
    /// The target: a path on the host, which is written relative to the link, or a text that does not begin with
    /// <c>/</c>, which is written unchanged. The target need not exist.
    /// </param>
    public FakeHost AddLink(string path, string target)
    {
        ArgumentException.ThrowIfNullOrEmpty(target);
        var link = Inside(path);
        lock (_files)
        {
            _store.CreateLink(link, target[0] == '/' ? HostPath.Relative(HostPath.DirectoryOf(link), Inside(target)) : target);
        }

        return this;
    }

    /// <summary>Removes a file, a link (not its target) or a whole directory; a missing path is not an error.</summary>
    /// <param name="path">The path on the host.</param>
    public FakeHost Remove(string path)
    {
        lock (_files)
        {
            _store.Remove(Inside(path));
        }

        return this;
    }

    /// <summary>Deletes the directory with everything in it, if there is one.</summary>
    public void Dispose()
    {
        lock (_files)
        {
            _isDisposed = true;
            if (_store is FakeDirectory && Directory.Exists(_root))
            {
                Directory.Delete(_root, recursive: true);
            }
        }
    }

    string IFakeFiles.Root => RootName;

    bool IFakeFiles.Has(string path) => _store.Exists(path);

    void IFakeFiles.MakeDirectory() => MakeDirectory();

    /// <summary>How often the files in memory were changed; null once they are in a directory, where nobody counts.</summary>
    internal int? Version => _store is FakeTree tree ? tree.Version : null;

    /// <summary>The files as they are read now: in memory or in the directory.</summary>
    internal ISysfs Sysfs => _store.Sysfs;

    // Its path is known before it exists.
    private string RootName
    {
        get
        {
            lock (_files)
            {
                return _root ??= FakeDirectory.ChooseRoot();
            }
        }
    }

    internal int TryWrite(string path, ReadOnlySpan<byte> content)
    {
        lock (_files)
        {
            return _store.Sysfs.TryWrite(path, content);
        }
    }

    internal bool Exists(string path) => _store.Exists(Inside(path));

    internal bool HasDirectory(string path) => _store.IsDirectory(Inside(path));

    internal IReadOnlyList<string> NamesIn(string path) => _store.Names(Inside(path));

    internal string ReadText(string path) => _store.ReadText(Inside(path));

    internal string? LinkTarget(string path) => _store.LinkTarget(Inside(path));

    private void MakeDirectory()
    {
        lock (_files)
        {
            if (_store is FakeTree tree && !_isDisposed)
            {
                _store = FakeDirectory.Create(RootName, tree);
            }
        }
    }

    private static string Inside(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return HostPath.Normalize(path);
    }
}
