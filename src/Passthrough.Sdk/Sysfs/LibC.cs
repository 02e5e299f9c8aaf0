using System.Runtime.InteropServices;

namespace Passthrough.Sdk.Sysfs;

/// <summary>The system calls that reading the kernel's files needs. Only the externs; <see cref="LinuxSysfs"/> gives them sense.</summary>
internal static unsafe partial class LibC
{
    /// <summary>For a path that begins with a slash the directory does not matter.</summary>
    public const int CurrentDirectory = -100;

    public const int ReadOnly = 0;
    public const int WriteOnly = 1;
    public const int ReadWrite = 2;
    public const int Exclusive = 0x80;
    public const int Truncate = 0x200;
    public const int NoTerminal = 0x100;
    public const int NonBlocking = 0x800;
    public const int CloseOnExec = 0x80000;
    public const int PathOnly = 0x200000;

    /// <summary>RESOLVE_IN_ROOT of openat2: links and ".." stay under the directory.</summary>
    public const ulong ResolveInRoot = 0x10;

    /// <summary>SYSLOG_ACTION_READ_ALL and SYSLOG_ACTION_SIZE_BUFFER of syslog(2).</summary>
    public const int LogReadAll = 3;
    public const int LogSize = 10;

    /// <summary>IOCTL_PRIVCMD_HYPERCALL of xen/privcmd.h: a call and five arguments, 48 bytes.</summary>
    public const nuint Hypercall = (48 << 16) | ('P' << 8);

    private const string Library = "libc";
    private const nint OpenAt2Number = 437;

    // Two of the flags differ between the architectures Linux grew up on and those that came later.
    private static readonly bool _isArmOrPower = RuntimeInformation.ProcessArchitecture
        is Architecture.Arm or Architecture.Armv6 or Architecture.Arm64 or Architecture.Ppc64le;

    public static int DirectoryOnly => _isArmOrPower ? 0x4000 : 0x10000;

    public static int NoFollow => _isArmOrPower ? 0x8000 : 0x20000;

    [LibraryImport(Library, EntryPoint = "openat", SetLastError = true)]
    public static partial int OpenAt(int directory, byte* path, int flags);

    /// <summary>openat2 has no wrapper in glibc; its number is the same on every architecture.</summary>
    public static int OpenAt2(int directory, byte* path, OpenHow* how) =>
        (int)SystemCall(OpenAt2Number, directory, (nint)path, (nint)how, sizeof(OpenHow));

    [LibraryImport(Library, EntryPoint = "read", SetLastError = true)]
    public static partial nint Read(int file, byte* buffer, nint size);

    [LibraryImport(Library, EntryPoint = "write", SetLastError = true)]
    public static partial nint Write(int file, byte* buffer, nint size);

    [LibraryImport(Library, EntryPoint = "ioctl", SetLastError = true)]
    public static partial int Control(int file, nuint request, void* argument);

    [LibraryImport(Library, EntryPoint = "close")]
    public static partial int Close(int file);

    [LibraryImport(Library, EntryPoint = "readlinkat", SetLastError = true)]
    public static partial nint ReadLinkAt(int directory, byte* path, byte* buffer, nint size);

    [LibraryImport(Library, EntryPoint = "getdents64", SetLastError = true)]
    public static partial nint GetDirectoryEntries(int directory, byte* buffer, nint size);

    [LibraryImport(Library, EntryPoint = "statx", SetLastError = true)]
    public static partial int StatX(int directory, byte* path, int flags, uint mask, byte* status);

    [LibraryImport(Library, EntryPoint = "klogctl", SetLastError = true)]
    public static partial int KernelLog(int action, byte* buffer, int size);

    [LibraryImport(Library, EntryPoint = "syscall", SetLastError = true)]
    private static partial nint SystemCall(nint number, nint a, nint b, nint c, nint d);

    /// <summary>struct open_how of linux/openat2.h.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct OpenHow
    {
        public ulong Flags;
        public ulong Mode;
        public ulong Resolve;
    }
}
