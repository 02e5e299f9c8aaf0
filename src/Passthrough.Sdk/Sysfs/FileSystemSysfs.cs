using System.IO.Abstractions;
using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.Sysfs;

/// <summary>The portable way: System.IO.Abstractions, for what users and their tests plug in.</summary>
/// <remarks>
/// Under a root other than <c>/</c> links are followed here, one name at a time, so that none leads out of the root. A
/// named pipe in a foreign tree holds the reader up; <see cref="LinuxSysfs"/> has no such trouble.
/// </remarks>
internal sealed class FileSystemSysfs : ISysfs
{
    private const int MaxErrno = 4095;

    private readonly IFileSystem _files;
    private readonly RootedPaths _paths;

    /// <summary>Reads through a file system.</summary>
    /// <param name="files">The file system.</param>
    /// <param name="root">A directory in it that stands for <c>/</c>, or <c>/</c> itself.</param>
    public FileSystemSysfs(IFileSystem files, string root)
    {
        _files = files;
        _paths = new RootedPaths(files, root);
    }

    public int TryRead(string path, Span<byte> buffer, out int length)
    {
        length = 0;
        try
        {
            var errno = OpenToRead(path, out var stream);
            using (stream)
            {
                length = stream?.Read(buffer) ?? 0;
                return errno;
            }
        }
        catch (Exception e) when (IsExpected(e))
        {
            return ErrnoOf(e);
        }
    }

    public int TryReadAll(string path, int limit, out byte[] content)
    {
        content = [];
        try
        {
            var errno = OpenToRead(path, out var stream);
            using (stream)
            {
                return stream is null ? errno : ContentReader.TryReadAll(limit, size: null, (Span<byte> buffer, out int length) => Some(stream, buffer, out length), out content);
            }
        }
        catch (Exception e) when (IsExpected(e))
        {
            return ErrnoOf(e);
        }

        static int Some(FileSystemStream stream, Span<byte> buffer, out int length)
        {
            length = stream.Read(buffer);
            return Errno.Success;
        }
    }

    public int TryReadLink(string path, out string target)
    {
        target = "";
        try
        {
            var errno = _paths.TryResolve(path, followLast: false, out var real);
            if (errno != Errno.Success)
            {
                return errno;
            }

            if (_paths.LinkTarget(real) is { } text)
            {
                target = text;
                return Errno.Success;
            }

            return _files.Path.Exists(real) ? Errno.Invalid : Errno.NotFound;
        }
        catch (Exception e) when (IsExpected(e))
        {
            return ErrnoOf(e);
        }
    }

    public int TryList(string path, ICollection<string> names)
    {
        try
        {
            var errno = _paths.TryResolve(path, followLast: true, out var real);
            if (errno != Errno.Success)
            {
                return errno;
            }

            if (!_files.Directory.Exists(real) && _files.Path.Exists(real))
            {
                return Errno.NotDirectory;
            }

            foreach (var entry in _files.Directory.GetFileSystemEntries(real))
            {
                names.Add(_files.Path.GetFileName(entry));
            }

            return Errno.Success;
        }
        catch (Exception e) when (IsExpected(e))
        {
            return ErrnoOf(e);
        }
    }

    public int TryStatus(string path, out FileStatus status)
    {
        status = default;
        try
        {
            var errno = _paths.TryResolve(path, followLast: true, out var real);
            if (errno != Errno.Success)
            {
                return errno;
            }

            var isDirectory = _files.Directory.Exists(real);
            if (!isDirectory && !_files.Path.Exists(real))
            {
                return Errno.NotFound;
            }

            // What .NET calls normal may be a device: it does not say.
            var size = isDirectory ? 0 : _files.FileInfo.New(real).Length;
            var mode = OperatingSystem.IsWindows() ? UnixFileMode.None : _files.File.GetUnixFileMode(real);
            status = new FileStatus(isDirectory ? FileKind.Directory : size > 0 ? FileKind.Regular : FileKind.Other, mode, null, null, size)
            {
                Modified = new DateTimeOffset(_files.File.GetLastWriteTimeUtc(real)),
            };
            return Errno.Success;
        }
        catch (Exception e) when (IsExpected(e))
        {
            return ErrnoOf(e);
        }
    }

    public int TryWrite(string path, ReadOnlySpan<byte> content)
    {
        try
        {
            var errno = _paths.TryResolve(path, followLast: true, out var real);
            if (errno != Errno.Success)
            {
                return errno;
            }

            if (_files.Directory.Exists(real))
            {
                return Errno.IsDirectory;
            }

            using var stream = _files.FileStream.New(real, FileMode.Truncate, FileAccess.Write, FileShare.ReadWrite, 0);
            stream.Write(content);
            return Errno.Success;
        }
        catch (Exception e) when (IsExpected(e))
        {
            return ErrnoOf(e);
        }
    }

    public int TryOpenCursor(string path, out ISysfsCursor? cursor)
    {
        var errno = TryStatus(path, out var status);
        if (errno == Errno.Success && status.Kind != FileKind.Directory)
        {
            errno = Errno.NotDirectory;
        }

        cursor = errno == Errno.Success ? new PathCursor(this, path) : null;
        return errno;
    }

    private static bool IsExpected(Exception e) => e is IOException or UnauthorizedAccessException or NotSupportedException;

    private static int ErrnoOf(Exception e) => e switch
    {
        FileNotFoundException or DirectoryNotFoundException => Errno.NotFound,
        UnauthorizedAccessException => Errno.AccessDenied,

        // On Unix .NET keeps the errno there.
        IOException { HResult: > 0 and <= MaxErrno } io => io.HResult,
        _ => Errno.IoError,
    };

    private int OpenToRead(string path, out FileSystemStream? stream)
    {
        stream = null;
        var errno = _paths.TryResolve(path, followLast: true, out var real);
        if (errno != Errno.Success)
        {
            return errno;
        }

        if (_files.Directory.Exists(real))
        {
            return Errno.IsDirectory;
        }

        // A buffer would read a second time; sysfs reports a size that is not true.
        stream = _files.FileStream.New(real, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 0);
        return Errno.Success;
    }
}
