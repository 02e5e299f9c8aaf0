using System.Text;
using Passthrough.Sdk.Pci;

namespace Passthrough.Sdk.Testing;

/// <summary>
/// A host that consists of files: a real directory tree under its own root, with the links that a kernel would create, for tests
/// that need no hardware and no privileges.
/// </summary>
/// <remarks>
/// <para>
/// Every method returns the host, so a host can be built in one expression. Paths are those on the host
/// (<c>/proc/cmdline</c>, <c>/sys/bus/pci/devices</c>); <see cref="PathOf"/> returns the path on this machine.
/// </para>
/// <para>
/// <c>PassthroughHost.At(fake.Root)</c> only reads it. <see cref="Open"/> returns a host that also plans and acts on the tree, in which
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
/// var snapshot = PassthroughHost.At(fake.Root).Capture();
/// Assert.True(snapshot.CheckReadiness().IsReady);
/// </code>
/// </example>
public sealed partial class FakeHost : IDisposable
{
    private const long MemoryNeeded = 64 << 20; // for a hundred hosts

    private readonly Dictionary<PciAddress, string> _devices = [];

    private FakeHost(string root)
    {
        Root = root;
        try
        {
            foreach (var directory in (ReadOnlySpan<string>)["sys", "proc", "etc", "boot", "dev", "sys/bus/pci/devices", "sys/bus/pci/drivers"])
            {
                Directory.CreateDirectory(Path.Combine(root, directory));
            }
        }
        catch
        {
            Directory.Delete(root, recursive: true);
            throw;
        }
    }

    /// <summary>Gets the root directory of the host on this machine. It is deleted, with everything in it, when the host is disposed of.</summary>
    public string Root { get; }

    /// <summary>
    /// Creates an empty host in a new temporary directory: in memory (<c>/dev/shm</c>) if there is room and <c>TMPDIR</c> is not set, otherwise on disk. It does not work on Windows, which has no file names with colons, as sysfs has them.
    /// </summary>
    /// <exception cref="IOException">The directory cannot be created.</exception>
    /// <exception cref="PlatformNotSupportedException">This program runs on Windows.</exception>
    public static FakeHost Create()
    {
        RequireColons();
        return new(CreateInMemory() ?? Directory.CreateTempSubdirectory("passthrough-fake-").FullName);
    }

    // A host is many small files, which cost a quarter of the time there. Whoever names a directory for temporary files gets that one.
    private static string? CreateInMemory()
    {
        if (!OperatingSystem.IsLinux() || Environment.GetEnvironmentVariable("TMPDIR") is not null)
        {
            return null;
        }

        try
        {
            var path = Path.Combine("/dev/shm", $"passthrough-fake-{Path.GetRandomFileName()}");
            return Directory.Exists("/dev/shm") && new DriveInfo("/dev/shm").AvailableFreeSpace > MemoryNeeded ? Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute).FullName : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null; // not for us: the disk does as well
        }
    }

    /// <summary>Creates an empty host in a new directory with a name.</summary>
    /// <param name="root">The directory to create; it is deleted with the host, so it must not exist.</param>
    /// <exception cref="IOException">The name exists already, or the directory cannot be created.</exception>
    public static FakeHost Create(string root)
    {
        ArgumentException.ThrowIfNullOrEmpty(root);
        RequireColons();
        if (Path.Exists(root))
        {
            throw new IOException($"'{root}' exists already; a fake host deletes its directory, so choose a new name");
        }

        return new(Directory.CreateDirectory(root).FullName);
    }

    /// <summary>Returns where a path of the host is on this machine.</summary>
    /// <param name="path">The path on the host, for example <c>/proc/cmdline</c>.</param>
    /// <exception cref="ArgumentException">The path leads out of the host.</exception>
    public string PathOf(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var real = Path.GetFullPath(Path.Combine(Root, path.TrimStart('/')));
        return real == Root || real.StartsWith($"{Root}/", StringComparison.Ordinal)
            ? real
            : throw new ArgumentException($"'{path}' leads out of the fake host", nameof(path));
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
        var real = PathOf(path);
        Directory.CreateDirectory(Path.GetDirectoryName(real)!);
        using var file = new FileStream(real, FileMode.Create, FileAccess.Write);
        file.Write(content);
        return this;
    }

    /// <summary>Creates a directory, with those above it.</summary>
    /// <param name="path">The directory's path on the host.</param>
    public FakeHost AddDirectory(string path)
    {
        Directory.CreateDirectory(PathOf(path));
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
        var real = PathOf(path);
        var directory = Path.GetDirectoryName(real)!;
        Directory.CreateDirectory(directory);
        File.CreateSymbolicLink(real, target[0] == '/' ? Path.GetRelativePath(directory, PathOf(target)) : target);
        return this;
    }

    /// <summary>Removes a file, a link (not its target) or a whole directory; a missing path is not an error.</summary>
    /// <param name="path">The path on the host.</param>
    public FakeHost Remove(string path)
    {
        var real = PathOf(path);
        var info = new DirectoryInfo(real);
        if (info is { Exists: true, LinkTarget: null })
        {
            info.Delete(recursive: true);
        }
        else if (Path.Exists(Path.GetDirectoryName(real)))
        {
            File.Delete(real);
        }

        return this;
    }

    /// <summary>Deletes the directory with everything in it.</summary>
    public void Dispose()
    {
        if (Directory.Exists(Root))
        {
            Directory.Delete(Root, recursive: true);
        }
    }

    private static void RequireColons()
    {
        if (OperatingSystem.IsWindows())
        {
            throw new PlatformNotSupportedException("FakeHost needs file names with colons, as sysfs has them, and Windows has none; run these tests on Linux, or read an archive with PassthroughHost.At");
        }
    }
}
