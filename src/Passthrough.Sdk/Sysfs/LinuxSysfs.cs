using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Sysfs.Netlink;

namespace Passthrough.Sdk.Sysfs;

/// <summary>The fast way: the kernel's own calls, three for a file.</summary>
/// <remarks>
/// Files are opened with O_NONBLOCK, so that a named pipe in a foreign tree holds nobody up. Under a root other than
/// <c>/</c> the kernel itself keeps every look-up inside (openat2, Linux 5.6).
/// </remarks>
internal sealed unsafe partial class LinuxSysfs : ISysfs
{
    private const int FileFlags = LibC.NonBlocking | LibC.NoTerminal | LibC.CloseOnExec;
    private const int MostTries = 16;

    // Null for the machine's own root: plain absolute paths need no directory.
    private readonly SafeFileHandle? _root;

    private LinuxSysfs(SafeFileHandle? root) => _root = root;

    /// <summary>This machine's own files.</summary>
    public static LinuxSysfs Machine { get; } = new(null);

    public INetlinkSource? Netlink => _root is null ? LinuxNetlink.Machine : null;

    /// <summary>Opens a root.</summary>
    /// <param name="root">A directory that stands for <c>/</c>, or <c>/</c> itself.</param>
    /// <param name="sysfs">The files under it; null on failure.</param>
    /// <returns>0, or the errno of what failed; ENOSYS or EPERM where the kernel or a sandbox does not give openat2, and on a system that is not Linux.</returns>
    public static int TryOpen(string root, out LinuxSysfs? sysfs)
    {
        sysfs = null;
        if (!OperatingSystem.IsLinux())
        {
            return Directory.Exists(root) ? Errno.NotImplemented : Errno.NotDirectory;
        }

        if (Path.TrimEndingDirectorySeparator(root) == "/")
        {
            sysfs = Machine;
            return Errno.Success;
        }

        using var path = new NativePath(root, stackalloc byte[NativePath.StackSize]);
        var errno = OpenAt(LibC.CurrentDirectory, path.Bytes, LibC.PathOnly | LibC.DirectoryOnly | LibC.CloseOnExec, out var file);
        if (errno != Errno.Success)
        {
            return errno;
        }

        var opened = new LinuxSysfs(new SafeFileHandle(file, ownsHandle: true));
        errno = opened.Open("/", LibC.PathOnly | LibC.CloseOnExec, out var probe);
        if (errno == Errno.Success)
        {
            _ = LibC.Close(probe);
            sysfs = opened;
        }
        else
        {
            opened._root!.Dispose();
        }

        return errno;
    }

    public int TryRead(string path, Span<byte> buffer, out int length)
    {
        length = 0;
        var errno = Open(path, LibC.ReadOnly | FileFlags, out var file);
        if (errno != Errno.Success)
        {
            return errno;
        }

        errno = Read(file, buffer, out length);
        _ = LibC.Close(file);
        return errno;
    }

    public int TryReadAll(string path, int limit, out byte[] content)
    {
        content = [];
        var errno = Open(path, LibC.ReadOnly | FileFlags, out var file);
        if (errno != Errno.Success)
        {
            return errno;
        }

        try
        {
            return ContentReader.TryReadAll(limit, () => SizeOf(file), (Span<byte> buffer, out int length) => Read(file, buffer, out length), out content);
        }
        finally
        {
            _ = LibC.Close(file);
        }
    }

    public int TryReadLink(string path, out string target)
    {
        target = "";
        var errno = Open(path, LibC.PathOnly | LibC.NoFollow | LibC.CloseOnExec, out var file);
        if (errno != Errno.Success)
        {
            return errno;
        }

        Span<byte> buffer = stackalloc byte[4096];
        errno = ReadLinkAt(file, "\0"u8, buffer, out var length);
        _ = LibC.Close(file);
        if (errno != Errno.Success)
        {
            // The kernel's word for "this is no link" when the link itself was opened.
            return errno == Errno.NotFound ? Errno.Invalid : errno;
        }

        target = Encoding.UTF8.GetString(buffer[..length]);
        return Errno.Success;
    }

    public int TryWrite(string path, ReadOnlySpan<byte> content)
    {
        var errno = Open(path, LibC.WriteOnly | LibC.Truncate | FileFlags, out var file);
        if (errno != Errno.Success)
        {
            return errno;
        }

        fixed (byte* bytes = content)
        {
            errno = LibC.Write(file, bytes, content.Length) == content.Length ? Errno.Success : LastError(Errno.IoError);
        }

        _ = LibC.Close(file);
        return errno;
    }

    public int TryOpenCursor(string path, out ISysfsCursor? cursor)
    {
        var errno = Open(path, LibC.PathOnly | LibC.DirectoryOnly | LibC.CloseOnExec, out var directory);
        cursor = errno == Errno.Success ? new LinuxSysfsCursor(this, path, new SafeFileHandle(directory, ownsHandle: true)) : null;
        return errno;
    }

    /// <summary>Whether look-ups are kept under a root.</summary>
    internal bool IsConfined => _root is not null;

    /// <summary>Opens a path of the host.</summary>
    internal int Open(ReadOnlySpan<char> path, int flags, out int file)
    {
        using var native = new NativePath(path, stackalloc byte[NativePath.StackSize]);
        file = -1;
        if (!native.IsValid || path.IsEmpty || path[0] != '/')
        {
            return Errno.Invalid;
        }

        if (_root is null)
        {
            return OpenAt(LibC.CurrentDirectory, native.Bytes, flags, out file);
        }

        var errno = OpenConfined((int)_root.DangerousGetHandle(), native.Bytes, flags, out file);
        GC.KeepAlive(_root);
        return errno;
    }

    internal static int OpenAt(int directory, ReadOnlySpan<byte> path, int flags, out int file)
    {
        fixed (byte* bytes = path)
        {
            do
            {
                file = LibC.OpenAt(directory, bytes, flags);
            }
            while (file < 0 && Marshal.GetLastPInvokeError() == Errno.Interrupted);
        }

        return file >= 0 ? Errno.Success : LastError(Errno.IoError);
    }

    internal static int Read(int file, Span<byte> buffer, out int length)
    {
        nint read;
        fixed (byte* bytes = buffer)
        {
            do
            {
                read = LibC.Read(file, bytes, buffer.Length);
            }
            while (read < 0 && Marshal.GetLastPInvokeError() == Errno.Interrupted);
        }

        length = (int)Math.Max(read, 0);
        return read >= 0 ? Errno.Success : LastError(Errno.IoError);
    }

    internal static int ReadLinkAt(int directory, ReadOnlySpan<byte> name, Span<byte> buffer, out int length)
    {
        nint read;
        fixed (byte* path = name, bytes = buffer)
        {
            read = LibC.ReadLinkAt(directory, path, bytes, buffer.Length);
        }

        length = (int)Math.Max(read, 0);
        return read >= 0 ? Errno.Success : LastError(Errno.IoError);
    }

    private static int OpenConfined(int root, ReadOnlySpan<byte> path, int flags, out int file)
    {
        var how = new LibC.OpenHow { Flags = (uint)flags, Resolve = LibC.ResolveInRoot };
        var tries = 0;
        int errno;
        fixed (byte* bytes = path)
        {
            do
            {
                // EAGAIN: something was renamed during the look-up, and the kernel could not vouch for "..".
                file = LibC.OpenAt2(root, bytes, &how);
                errno = file >= 0 ? Errno.Success : LastError(Errno.IoError);
            }
            while (errno is Errno.Again or Errno.Interrupted && ++tries < MostTries);
        }

        return errno;
    }

    private static int LastError(int otherwise) => Marshal.GetLastPInvokeError() is var errno and not 0 ? errno : otherwise;
}
