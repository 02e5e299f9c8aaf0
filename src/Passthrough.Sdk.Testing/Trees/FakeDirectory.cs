using System.IO.Abstractions;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Sysfs;

namespace Passthrough.Sdk.Testing.Trees;

/// <summary>The files of a fake host in a directory of this machine.</summary>
/// <remarks>Thread safety: as that of the file system.</remarks>
internal sealed class FakeDirectory : IFakeStore
{
    private const long MemoryNeeded = 64 << 20; // for a hundred hosts
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    // Files that are written within this time have the same time on some file systems anyway.
    private static readonly TimeSpan SameTime = TimeSpan.FromMilliseconds(10);

    private readonly string _root;

    private readonly NotedSysfs? _noted;

    private FakeDirectory(string root, FakeTree? captured)
    {
        _root = root;
        Sysfs = LinuxSysfs.TryOpen(root, out var linux) == Errno.Success ? linux! : new FileSystemSysfs(new FileSystem(), root);
        if (captured is not null)
        {
            Sysfs = _noted = new(Sysfs, captured);
        }
    }

    public ISysfs Sysfs { get; }

    /// <summary>
    /// Chooses the path of a new directory: in memory (<c>/dev/shm</c>) if there is room and <c>TMPDIR</c> is not set, otherwise in the directory for temporary files.
    /// Whoever names a directory for temporary files gets that one.
    /// </summary>
    public static string ChooseRoot()
    {
        var name = $"passthrough-fake-{Path.GetRandomFileName()}";
        try
        {
            if (OperatingSystem.IsLinux() && Environment.GetEnvironmentVariable("TMPDIR") is null && new DriveInfo("/dev/shm").AvailableFreeSpace > MemoryNeeded)
            {
                return $"/dev/shm/{name}";
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Not for us: the disk does as well.
        }

        return Path.Combine(Path.GetTempPath(), name);
    }

    /// <summary>Creates a directory with the files of a tree.</summary>
    /// <exception cref="IOException">The name exists already, or the directory cannot be created.</exception>
    /// <exception cref="PlatformNotSupportedException">This program runs on Windows.</exception>
    public static FakeDirectory Create(string root, FakeTree tree)
    {
        if (OperatingSystem.IsWindows())
        {
            throw new PlatformNotSupportedException("the directory of a FakeHost needs file names with colons, as sysfs has them, and Windows has none; run this test on Linux, or use only what a fake host does in memory: Capture, CheckReadiness, CheckDevice, and making plans for devices");
        }

        if (Path.Exists(root))
        {
            throw new IOException($"'{root}' exists already; a fake host deletes its directory, so choose a new name");
        }

        Directory.CreateDirectory(root, OwnerOnly);
        try
        {
            Write(root, "", tree.Root, TimeProvider.System.GetUtcNow() - SameTime);
            return new(root, tree.IsCaptured ? tree : null);
        }
        catch
        {
            Directory.Delete(root, recursive: true);
            throw;
        }
    }

    public bool Exists(string path) => Path.Exists(_root + path);

    public bool IsDirectory(string path) => Directory.Exists(_root + path);

    public string? LinkTarget(string path) => new FileInfo(_root + path).LinkTarget;

    public string ReadText(string path) => File.ReadAllText(_root + path);

    public IReadOnlyList<string> Names(string path) =>
        Directory.Exists(_root + path) ? [.. Directory.EnumerateFileSystemEntries(_root + path).Select(entry => Path.GetFileName(entry)).Order(StringComparer.Ordinal)] : [];

    public void Write(string path, ReadOnlySpan<byte> content)
    {
        var real = _root + path;
        Directory.CreateDirectory(Path.GetDirectoryName(real)!);
        using var file = new FileStream(real, FileMode.Create, FileAccess.Write);
        file.Write(content);
        _noted?.Written(path);
    }

    public void AddUnreadable(string path, bool isDirectory, int errno)
    {
        if (isDirectory)
        {
            Directory.CreateDirectory(_root + path);
        }
        else
        {
            Write(path, []);
        }

        _noted?.Unreadable(path, isDirectory, errno);
    }

    public void CreateDirectory(string path) => Directory.CreateDirectory(_root + path);

    public void CreateLink(string path, string target)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_root + path)!);
        File.CreateSymbolicLink(_root + path, HostPath.Contained(path, target));
        _noted?.Linked(path, target);
    }

    public void Remove(string path)
    {
        var real = _root + path;
        _noted?.Removed(path);
        var info = new DirectoryInfo(real);
        if (info is { Exists: true, LinkTarget: null })
        {
            info.Delete(recursive: true);
        }
        else if (Directory.Exists(Path.GetDirectoryName(real)))
        {
            File.Delete(real);
        }
    }

    private static void Write(string root, string path, FakeNode directory, DateTimeOffset old)
    {
        foreach (var (name, node) in directory.Children!)
        {
            var onHost = $"{path}/{name}";
            var child = root + onHost;
            if (node.Target is { } target)
            {
                // Whoever captured a host chose its links, and the files of this machine are followed by its own rules.
                File.CreateSymbolicLink(child, HostPath.Contained(onHost, target));
            }
            else if (node.Children is not null)
            {
                Directory.CreateDirectory(child);
                Write(root, onHost, node, old);
            }
            else
            {
                File.WriteAllBytes(child, node.Content!);
                if (node.Modified is { } modified && modified < old)
                {
                    File.SetLastWriteTimeUtc(child, modified.UtcDateTime);
                }
            }
        }
    }
}
