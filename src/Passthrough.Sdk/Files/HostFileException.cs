using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.Files;

/// <summary>The exception that is thrown when a file of the host cannot be read, replaced or removed.</summary>
/// <remarks>Thread safety: immutable.</remarks>
public sealed class HostFileException : PassthroughException
{
    internal HostFileException(string path, string operation, int errno)
        : this($"{path}: cannot {operation}: {Errno.Describe(errno)} - {WayOut(errno)}; the file was not changed.", path, errno, isChanged: false)
    {
    }

    private HostFileException(string message, string path, int errno, bool isChanged)
        : base(message) => (Path, ErrorNumber, IsChanged) = (path, errno, isChanged);

    /// <summary>The file was replaced or removed, but its directory could not be synced.</summary>
    internal static HostFileException NotDurable(string path, int errno) => new(
        $"{path}: its directory cannot be synced: {Errno.Describe(errno)} - check the disk (dmesg); the file was changed, but the change may be lost if the power fails.",
        path,
        errno,
        isChanged: true);

    /// <summary>Gets the path of the file on the host.</summary>
    public string Path { get; }

    /// <summary>Gets the errno of Linux: 5 EIO, 13 EACCES, 28 ENOSPC, 30 EROFS.</summary>
    public int ErrorNumber { get; }

    /// <summary>
    /// Gets whether the file was changed: it has the new content, or is removed, but its directory could not be synced, so the change may be lost if
    /// the power fails. False if the file is as before.
    /// </summary>
    public bool IsChanged { get; }

    private static string WayOut(int errno) => errno switch
    {
        Errno.NotPermitted or Errno.AccessDenied => "run it as root, and check whether the file is immutable (lsattr)",
        Errno.NoSpace or Errno.QuotaExceeded => "free space on that file system",
        Errno.ReadOnly => "mount that file system read-write, or use the tool of this image-based system",
        _ => "check that the file and its directory exist and are writable",
    };
}
