using System.IO.Abstractions;
using System.Text;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Files;
using Passthrough.Sdk.Sysfs;

namespace Passthrough.Sdk.Boot.Files;

/// <summary>The files of one root: read by all, written by the engine of plans.</summary>
/// <remarks>Paths are those on the host (<c>/etc/default/grub</c>); links are resolved inside the root.</remarks>
internal sealed class BootFiles
{
    private const int MostBytes = 16 * 1024 * 1024;
    private const int MostLinks = 40;

    private readonly ISysfs _sysfs;
    private readonly RootedPaths? _paths;

    private BootFiles(ISysfs sysfs, string root, RootedPaths? paths, Action<string>? beforeWrite = null)
    {
        BeforeWrite = beforeWrite;
        _sysfs = sysfs;
        Root = root;
        _paths = paths;
    }

    /// <summary>The root directory of the host.</summary>
    public string Root { get; }

    /// <summary>Called before every write; a test uses it to let one fail.</summary>
    public Action<string>? BeforeWrite { get; }

    /// <summary>Opens a directory of this machine.</summary>
    public static BootFiles Open(string root, Action<string>? beforeWrite = null)
    {
        var full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(root));
        if (LinuxSysfs.TryOpen(full, out var linux) is Errno.NotFound or Errno.NotDirectory)
        {
            throw new BootException($"{root}: no such directory - specify the directory that contains the files of the host.");
        }

        var files = new FileSystem();
        return new BootFiles(linux ?? (ISysfs)new FileSystemSysfs(files, full), full, new RootedPaths(files, full), beforeWrite);
    }

    /// <summary>A view that can be read only: a captured or a fake host.</summary>
    public static BootFiles View(ISysfs sysfs) => new(sysfs, "", null);

    /// <summary>Returns the content, or null if the file does not exist.</summary>
    /// <exception cref="HostFileException">It exists but cannot be read.</exception>
    public byte[]? Read(string path)
    {
        var errno = _sysfs.TryReadAll(path, MostBytes, out var content);
        if (errno == Errno.Success)
        {
            return content;
        }

        return Errno.IsAbsent(errno) || errno == Errno.IsDirectory ? null : throw new HostFileException(path, "read it", errno);
    }

    /// <summary>The content; null if it does not exist or cannot be read.</summary>
    public byte[]? TryRead(string path) => _sysfs.TryReadAll(path, MostBytes, out var content) == Errno.Success ? content : null;

    /// <summary>The content as UTF-8; null if it does not exist or cannot be read.</summary>
    public string? TryText(string path) =>
        _sysfs.TryReadAll(path, MostBytes, out var content) == Errno.Success ? Encoding.UTF8.GetString(content) : null;

    /// <summary>Why a file cannot be read, in a few words; null if it can.</summary>
    public string? WhyNot(string path)
    {
        var errno = _sysfs.TryReadAll(path, MostBytes, out _);
        return errno == Errno.Success ? null : Errno.Describe(errno);
    }

    /// <summary>Returns whether a path exists, after following links.</summary>
    public bool Exists(string path) => _sysfs.TryStatus(path, out _) == Errno.Success;

    /// <summary>When the content of a file was last changed, links followed; null if that is not known.</summary>
    public DateTimeOffset? Modified(string path) => _sysfs.TryStatus(path, out var status) == Errno.Success ? status.Modified : null;

    /// <summary>Returns the first path that exists, or null if none does.</summary>
    public string? First(params ReadOnlySpan<string> paths)
    {
        foreach (var path in paths)
        {
            if (Exists(path))
            {
                return path;
            }
        }

        return null;
    }

    /// <summary>Whether a program of that name is installed.</summary>
    public bool HasProgram(string name) => First($"/usr/sbin/{name}", $"/usr/bin/{name}", $"/sbin/{name}", $"/bin/{name}", $"/usr/local/sbin/{name}") is not null;

    /// <summary>The paths in a directory whose names end in a suffix, in the order of the C locale.</summary>
    public IReadOnlyList<string> List(string directory, string suffix)
    {
        var names = new List<string>();
        if (_sysfs.TryList(directory, names) != Errno.Success)
        {
            return [];
        }

        return [.. names.Where(n => n.EndsWith(suffix, StringComparison.Ordinal) && !n.StartsWith('.'))
            .OrderBy(n => n, StringComparer.Ordinal).Select(n => $"{directory}/{n}")];
    }

    /// <summary>Returns why a directory cannot be listed; null if it can, or if it does not exist.</summary>
    public string? WhyNoList(string directory)
    {
        var errno = _sysfs.TryList(directory, new List<string>());
        return errno == Errno.Success || Errno.IsAbsent(errno) ? null : Errno.Describe(errno);
    }

    public string? LinkTarget(string path) => _sysfs.TryReadLink(path, out var target) == Errno.Success ? target : null;

    /// <summary>Returns the file on this machine to which a path of the host leads after following links, so that a link stays a link.</summary>
    /// <exception cref="BootException">The host is a view, or its links form a loop.</exception>
    public string RealPath(string path)
    {
        if (_paths is null)
        {
            throw new BootException($"{path}: this host is read-only, because it is a capture - plan and apply the change on the host itself.");
        }

        if (_paths.TryResolve(path, followLast: true, out var real) != Errno.Success)
        {
            throw new HostFileException(path, "follow its links", Errno.TooManyLinks);
        }

        for (var links = 0; _paths.LinkTarget(real) is { Length: > 0 } target; links++)
        {
            if (links > MostLinks)
            {
                throw new HostFileException(path, "follow its links", Errno.TooManyLinks);
            }

            real = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(real)!, target));
        }

        return real;
    }

    /// <summary>Writes a file atomically, with the directories that it needs, or removes it.</summary>
    /// <param name="path">The path of the file on the host; links are followed.</param>
    /// <param name="content">The content; null removes the file.</param>
    /// <exception cref="HostFileException">The operation failed; the file was not changed.</exception>
    public void Replace(string path, byte[]? content)
    {
        var real = RealPath(path);
        BeforeWrite?.Invoke(path);
        if (content is null)
        {
            AtomicFile.Delete(path, real);
            return;
        }

        var directory = Path.GetDirectoryName(real)!;
        try
        {
            Directory.CreateDirectory(directory);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new BootException($"{path}: its directory cannot be created ({problem.Message}) - run it as root, and make sure that the file system has free space.", problem);
        }

        AtomicFile.Write(path, real, content);
    }

    /// <summary>Returns the directories above a file that do not exist yet, the outer ones first.</summary>
    public IEnumerable<string> MissingDirectories(string path)
    {
        var missing = new Stack<string>();
        for (var directory = Path.GetDirectoryName(path); directory is { Length: > 1 } && !Exists(directory); directory = Path.GetDirectoryName(directory))
        {
            missing.Push(directory);
        }

        return missing;
    }
}
