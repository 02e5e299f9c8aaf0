using System.Runtime.InteropServices;
using Passthrough.Sdk.TestSupport;

namespace Passthrough.Sdk.Tests.Testing.VirtualHosts;

/// <summary>Runs code that the permissions of files hold for, also if the tests run as root: in Linux a thread has capabilities of its own.</summary>
internal static partial class WithoutCapabilities
{
    private const uint Version3 = 0x20080522; // capset(2)

    /// <summary>Runs a function on a thread without capabilities, and returns what it returned or throws what it threw.</summary>
    internal static T Run<T>(Func<T> function) => OwnThread.Run(Drop, function);

    private static unsafe void Drop()
    {
        var header = stackalloc uint[] { Version3, 0 }; // 0: this thread
        var none = stackalloc uint[6]; // effective, permitted and inheritable, twice 32 of each
        new Span<uint>(none, 6).Clear();
        if (CapSet(header, none) != 0)
        {
            throw new InvalidOperationException($"capset: errno {Marshal.GetLastPInvokeError()}");
        }
    }

    [LibraryImport("libc", EntryPoint = "capset", SetLastError = true)]
    private static unsafe partial int CapSet(uint* header, uint* data);
}
