using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.Files;

/// <summary>The exception that is thrown when a file of the host cannot be read, replaced or removed. The file was not changed.</summary>
/// <remarks>Thread safety: immutable.</remarks>
public sealed class HostFileException : PassthroughException
{
    internal HostFileException(string path, string operation, int errno)
        : base($"{path}: cannot {operation}: {Errno.Describe(errno)} - {WayOut(errno)}; the file was not changed.")
    {
        Path = path;
        ErrorNumber = errno;
    }

    /// <summary>Gets the path of the file on the host.</summary>
    public string Path { get; }

    /// <summary>Gets the errno of Linux: 13 EACCES, 28 ENOSPC, 30 EROFS.</summary>
    public int ErrorNumber { get; }

    private static string WayOut(int errno) => errno switch
    {
        Errno.NotPermitted or Errno.AccessDenied => "run it as root, and check whether the file is immutable (lsattr)",
        Errno.NoSpace or Errno.QuotaExceeded => "free space on that file system",
        Errno.ReadOnly => "mount that file system read-write, or use the tool of this image-based system",
        _ => "check that the file and its directory exist and are writable",
    };
}
