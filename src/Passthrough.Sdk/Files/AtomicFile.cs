using System.Runtime.InteropServices;
using System.Text;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Sysfs;

namespace Passthrough.Sdk.Files;

/// <summary>Replaces a file in one step: whoever reads it sees all of the old content or all of the new, also after a power cut.</summary>
/// <remarks>
/// A temporary file in the same directory (its name begins with a dot and has no suffix that a boot tool reads), written,
/// given owner, mode and extended attributes (the SELinux label, ACLs) of the old one, fsync, rename(2), and fsync of the
/// directory. Every failure before the rename leaves the file as it was. A directory that cannot be synced leaves the new content, which may be
/// lost in a power cut: this is an error too (<see cref="HostFileException.IsChanged"/>), because a journal that a power cut takes back is none.
/// </remarks>
internal static unsafe class AtomicFile
{
    /// <summary>The permission bits of a new file.</summary>
    public const uint DefaultMode = 0x1A4; // 0644

    // Says whose it is, so that what a crash leaves can be told from other programs' files.
    private const string Mark = ".passthrough.";

    /// <summary>Writes a file.</summary>
    /// <param name="hostPath">The path for messages.</param>
    /// <param name="realPath">The file itself, no link.</param>
    /// <param name="content">The new content.</param>
    /// <param name="mode">The permission bits of a file that is new; ignored where one is replaced.</param>
    /// <param name="staging">The directory of the temporary file, on the same file system; null for that of the file itself.</param>
    /// <exception cref="HostFileException">The operation failed; the exception says whether the file was changed.</exception>
    public static void Write(string hostPath, string realPath, ReadOnlySpan<byte> content, uint mode = DefaultMode, string? staging = null)
    {
        var directory = Path.GetDirectoryName(realPath)!;
        byte[] template = [.. Encoding.UTF8.GetBytes($"{staging ?? directory}/.{Path.GetFileName(realPath)}{Mark}XXXXXX"), 0];
        int file;
        fixed (byte* name = template)
        {
            file = FileCalls.MakeTemporary(name);
        }

        if (file < 0)
        {
            throw Failed(hostPath, Marshal.GetLastPInvokeError());
        }

        var temporary = Encoding.UTF8.GetString(template.AsSpan(0, template.Length - 1));
        var errno = Fill(file, content);
        if (errno == Errno.Success)
        {
            errno = TakeOver(file, temporary, realPath, mode);
        }

        if (errno == Errno.Success && FileCalls.Sync(file) != 0)
        {
            errno = Marshal.GetLastPInvokeError();
        }

        if (FileCalls.Close(file) != 0 && errno == Errno.Success)
        {
            errno = Marshal.GetLastPInvokeError();
        }

        if (errno == Errno.Success && FileCalls.Rename(temporary, realPath) != 0)
        {
            errno = Marshal.GetLastPInvokeError();
        }

        if (errno != Errno.Success)
        {
            _ = FileCalls.Unlink(temporary);
            throw Failed(hostPath, errno);
        }

        SyncDirectory(hostPath, directory);
    }

    /// <summary>Removes the temporary files of writers that were killed, of all files in and below a directory. Only whoever holds the journal's lock may.</summary>
    public static void RemoveAllLeftovers(string directory)
    {
        var options = new EnumerationOptions { AttributesToSkip = FileAttributes.ReparsePoint, RecurseSubdirectories = true, IgnoreInaccessible = true };
        foreach (var leftover in Directory.EnumerateFiles(directory, $".*{Mark}??????", options))
        {
            _ = FileCalls.Unlink(leftover);
        }
    }

    /// <summary>Removes the temporary files of a writer that was killed before its rename. Only whoever holds the journal's lock may.</summary>
    public static void RemoveLeftovers(string realPath, string? staging = null)
    {
        var directory = staging ?? Path.GetDirectoryName(realPath)!;
        if (!Directory.Exists(directory))
        {
            return;
        }

        foreach (var leftover in Directory.EnumerateFiles(directory, $".{Path.GetFileName(realPath)}{Mark}??????", new EnumerationOptions { AttributesToSkip = FileAttributes.None }))
        {
            _ = FileCalls.Unlink(leftover);
        }
    }

    /// <summary>Removes a file; that it is gone already is fine.</summary>
    /// <exception cref="HostFileException">It failed.</exception>
    public static void Delete(string hostPath, string realPath)
    {
        if (FileCalls.Unlink(realPath) != 0 && Marshal.GetLastPInvokeError() is var errno && errno != Errno.NotFound)
        {
            throw new HostFileException(hostPath, "remove it", errno);
        }

        SyncDirectory(hostPath, Path.GetDirectoryName(realPath)!);
    }

    private static HostFileException Failed(string path, int errno) => new(path, "write it", errno);

    private static int Fill(int file, ReadOnlySpan<byte> content)
    {
        fixed (byte* start = content)
        {
            for (var done = 0; done < content.Length;)
            {
                var written = FileCalls.Write(file, start + done, content.Length - done);
                if (written < 0)
                {
                    return Marshal.GetLastPInvokeError();
                }

                done += (int)written;
            }
        }

        return Errno.Success;
    }

    private static int TakeOver(int file, string temporary, string realPath, uint mode)
    {
        LinuxSysfs.TryOpen("/", out var machine);
        if (machine!.TryStatus(realPath, out var old) != Errno.Success)
        {
            return FileCalls.ChangeMode(file, mode) == 0 ? Errno.Success : Marshal.GetLastPInvokeError();
        }

        if (old is { UserId: { } user, GroupId: { } group } && FileCalls.ChangeOwner(file, user, group) != 0)
        {
            // vfat knows no owners: nothing to keep where they are the same anyway.
            var errno = Marshal.GetLastPInvokeError();
            if (machine.TryStatus(temporary, out var now) != Errno.Success || now.UserId != user || now.GroupId != group)
            {
                return errno;
            }
        }

        if (FileCalls.ChangeMode(file, (uint)old.Mode) != 0)
        {
            var errno = Marshal.GetLastPInvokeError();
            if (machine.TryStatus(temporary, out var now) != Errno.Success || now.Mode != old.Mode)
            {
                return errno;
            }
        }

        return CopyAttributes(file, realPath);
    }

    private static int CopyAttributes(int file, string realPath)
    {
        var names = new byte[64 * 1024];
        var value = new byte[64 * 1024];
        fixed (byte* list = names, data = value)
        {
            var length = FileCalls.ListAttributes(realPath, list, names.Length);
            if (length <= 0)
            {
                return Errno.Success;
            }

            foreach (var name in Encoding.UTF8.GetString(names.AsSpan(0, (int)length)).Split('\0', StringSplitOptions.RemoveEmptyEntries))
            {
                // The kernel writes these itself, for the content that it has just seen.
                if (name is "security.ima" or "security.evm")
                {
                    continue;
                }

                var size = FileCalls.GetAttribute(realPath, name, data, value.Length);
                if (size >= 0 && FileCalls.SetAttribute(file, name, data, size, 0) != 0 && name.StartsWith("system.posix_acl", StringComparison.Ordinal))
                {
                    return Marshal.GetLastPInvokeError();
                }
            }
        }

        return Errno.Success;
    }

    /// <summary>Returns whether an errno of a directory's fsync leaves it unknown whether the change survives a power cut.</summary>
    /// <remarks>
    /// A file system that cannot sync directories says EINVAL or that it does not know the call (man fsync(2)): it writes them by itself, and there
    /// is nothing else to do. A directory that is gone has nothing left to sync. EIO, ENOSPC and all others are failures.
    /// </remarks>
    internal static bool IsNotDurable(int errno) =>
        errno is not (Errno.Success or Errno.Invalid or Errno.NotSupported or Errno.NotImplemented or Errno.ReadOnly) && !Errno.IsAbsent(errno);

    private static void SyncDirectory(string hostPath, string directory)
    {
        var errno = TrySync(directory);
        if (IsNotDurable(errno))
        {
            throw HostFileException.NotDurable(hostPath, errno);
        }
    }

    private static int TrySync(string directory)
    {
        byte[] path = [.. Encoding.UTF8.GetBytes(directory), 0];
        fixed (byte* name = path)
        {
            var file = LibC.OpenAt(LibC.CurrentDirectory, name, LibC.ReadOnly | LibC.DirectoryOnly | LibC.CloseOnExec);
            if (file < 0)
            {
                return Marshal.GetLastPInvokeError();
            }

            var errno = FileCalls.Sync(file) == 0 ? Errno.Success : Marshal.GetLastPInvokeError();
            _ = FileCalls.Close(file);
            return errno;
        }
    }
}
