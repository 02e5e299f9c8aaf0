using System.Globalization;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Passthrough.Sdk.Testing;

/// <summary>A file in memory that has no name, and is gone with the last process that holds it, however that one ends.</summary>
internal sealed partial class MemoryFile : IDisposable
{
    private const uint CloseOnExec = 1;

    private readonly SafeFileHandle _handle;

    private MemoryFile(SafeFileHandle handle) => _handle = handle;

    /// <summary>The path by which another process of the same user can open it.</summary>
    public string Path => PathOf(_handle);

    /// <summary>Creates an empty file.</summary>
    /// <exception cref="IOException">The kernel refused it.</exception>
    public static MemoryFile Create(string name)
    {
        var descriptor = MemfdCreate(name, CloseOnExec);
        return descriptor >= 0
            ? new(new SafeFileHandle(descriptor, ownsHandle: true))
            : throw new IOException($"a file in memory cannot be created: {Marshal.GetLastPInvokeErrorMessage()}");
    }

    /// <summary>The path of something open in this process, for another process of the same user.</summary>
    public static string PathOf(SafeHandle handle) =>
        string.Create(CultureInfo.InvariantCulture, $"/proc/{Environment.ProcessId}/fd/{handle.DangerousGetHandle()}");

    /// <summary>Sets the length; what was not written is zero and takes no memory.</summary>
    public void SetLength(long length) => RandomAccess.SetLength(_handle, length);

    /// <summary>Opens it for writing.</summary>
    public FileStream OpenWrite() => new(Path, FileMode.Open, FileAccess.Write);

    /// <inheritdoc/>
    public void Dispose() => _handle.Dispose();

    [LibraryImport("libc", EntryPoint = "memfd_create", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int MemfdCreate(string name, uint flags);
}
