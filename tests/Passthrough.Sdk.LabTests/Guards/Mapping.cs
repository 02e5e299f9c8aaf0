using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Passthrough.LabTests.Guards;

/// <summary>A page of a file that this process has mapped, without a descriptor that would show it.</summary>
internal sealed partial class Mapping : IDisposable
{
    private const int PageSize = 4096;
    private const int Read = 1;
    private const int Shared = 1;
    private readonly nint _address;

    private Mapping(nint address) => _address = address;

    public static Mapping Of(string path)
    {
        using var file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        var address = Map(0, PageSize, Read, Shared, file, 0);
        return address != -1 ? new Mapping(address) : throw new InvalidOperationException($"mmap {path}: errno {Marshal.GetLastPInvokeError()}");
    }

    public void Dispose() => _ = Unmap(_address, PageSize);

    [LibraryImport("libc", EntryPoint = "mmap", SetLastError = true)]
    private static partial nint Map(nint address, nint length, int protection, int flags, SafeFileHandle file, nint offset);

    [LibraryImport("libc", EntryPoint = "munmap")]
    private static partial int Unmap(nint address, nint length);
}
