using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.Sysfs;

internal sealed unsafe partial class LinuxSysfs
{
    // struct linux_dirent64: inode, offset, record length, type, name.
    private const int RecordLengthOffset = 16;
    private const int NameOffset = 19;

    // struct statx of linux/stat.h, the same on every architecture.
    private const int StatusSize = 256;
    private const uint BasicStatus = 0x7ff;
    private const int EmptyPath = 0x1000;

    public int TryList(string path, ICollection<string> names)
    {
        var errno = Open(path, LibC.ReadOnly | LibC.DirectoryOnly | LibC.CloseOnExec, out var directory);
        if (errno != Errno.Success)
        {
            return errno;
        }

        try
        {
            return List(directory, names);
        }
        finally
        {
            _ = LibC.Close(directory);
        }
    }

    public int TryStatus(string path, out FileStatus status)
    {
        status = default;
        var errno = Open(path, LibC.PathOnly | LibC.CloseOnExec, out var file);
        if (errno != Errno.Success)
        {
            return errno;
        }

        errno = Status(file, out status);
        _ = LibC.Close(file);
        return errno;
    }

    private static long SizeOf(int file) => Status(file, out var status) == Errno.Success ? status.Size : 0;

    private static int Status(int file, out FileStatus status)
    {
        status = default;
        var bytes = stackalloc byte[StatusSize];
        byte nothing = 0;
        if (LibC.StatX(file, &nothing, EmptyPath, BasicStatus, bytes) != 0)
        {
            return LastError(Errno.IoError);
        }

        status = ReadStatus(new ReadOnlySpan<byte>(bytes, StatusSize));
        return Errno.Success;
    }

    private static FileStatus ReadStatus(ReadOnlySpan<byte> statx)
    {
        const int UserOffset = 20, GroupOffset = 24, ModeOffset = 28, SizeOffset = 40, ModifiedOffset = 112, MajorOffset = 128, MinorOffset = 132;
        var mode = MemoryMarshal.Read<ushort>(statx[ModeOffset..]);
        var kind = (mode >> 12) switch
        {
            0x8 => FileKind.Regular,
            0x4 => FileKind.Directory,
            0x2 => FileKind.CharacterDevice,
            0x6 => FileKind.BlockDevice,
            _ => FileKind.Other,
        };
        return new FileStatus(
            kind,
            (UnixFileMode)(mode & 0xfff),
            MemoryMarshal.Read<uint>(statx[UserOffset..]),
            MemoryMarshal.Read<uint>(statx[GroupOffset..]),
            MemoryMarshal.Read<long>(statx[SizeOffset..]))
        {
            DeviceNumber = kind is FileKind.CharacterDevice or FileKind.BlockDevice
                ? string.Create(CultureInfo.InvariantCulture, $"{MemoryMarshal.Read<uint>(statx[MajorOffset..])}:{MemoryMarshal.Read<uint>(statx[MinorOffset..])}")
                : null,
            Modified = TimeOf(MemoryMarshal.Read<long>(statx[ModifiedOffset..])),
        };
    }

    // A file system may hold any number; a year that .NET does not have is not known.
    private static DateTimeOffset? TimeOf(long seconds) =>
        seconds >= DateTimeOffset.MinValue.ToUnixTimeSeconds() && seconds <= DateTimeOffset.MaxValue.ToUnixTimeSeconds() ? DateTimeOffset.FromUnixTimeSeconds(seconds) : null;

    private static int List(int directory, ICollection<string> names)
    {
        const int Size = 32 * 1024;
        var buffer = stackalloc byte[Size];
        var found = new List<string>();
        while (true)
        {
            var read = LibC.GetDirectoryEntries(directory, buffer, Size);
            if (read < 0)
            {
                return LastError(Errno.IoError);
            }

            if (read == 0)
            {
                break;
            }

            AddNames(new ReadOnlySpan<byte>(buffer, (int)read), found);
        }

        foreach (var name in found)
        {
            names.Add(name);
        }

        return Errno.Success;
    }

    private static void AddNames(ReadOnlySpan<byte> records, List<string> names)
    {
        while (records.Length > NameOffset)
        {
            var length = MemoryMarshal.Read<ushort>(records[RecordLengthOffset..]);
            var name = records[NameOffset..length];
            name = name[..name.IndexOf((byte)0)];
            if (!name.SequenceEqual("."u8) && !name.SequenceEqual(".."u8))
            {
                names.Add(Encoding.UTF8.GetString(name));
            }

            records = records[length..];
        }
    }
}
