using System.Runtime.InteropServices;
using Passthrough.Sdk.TestSupport;

namespace Passthrough.LabTests.Lab;

/// <summary>Runs code with the rights of an ordinary user: in Linux a thread has an identity of its own, until libc makes all equal.</summary>
internal static partial class AsNobody
{
    private const int SetResUid = 117;
    private const int Nobody = 65534;

    /// <summary>Runs a function on a thread that is root no more, and returns what it returned or throws what it threw.</summary>
    internal static T Run<T>(Func<T> function) => OwnThread.Run(Become, function);

    private static void Become()
    {
        if (SystemCall(SetResUid, Nobody, Nobody, Nobody) != 0)
        {
            throw new InvalidOperationException($"setresuid: errno {Marshal.GetLastPInvokeError()}");
        }
    }

    // The call itself and not libc's wrapper, which would change every thread. The lab's hosts are x86_64.
    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial long SystemCall(long number, long real, long effective, long saved);
}
