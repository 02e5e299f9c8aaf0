using System.Runtime.InteropServices;

namespace Passthrough.Sdk.Libvirt.Native;

/// <summary>Keeps OpenSSL from cleaning up while the process ends.</summary>
/// <remarks>
/// OpenSSL is one per process: libvirt initialises it, through libssh2, and .NET uses it for hashes. Whoever initialises it first decides
/// whether the exit handler <c>OPENSSL_cleanup</c> is registered. .NET says no, because threads may still use OpenSSL then; libssh2 does
/// not say so. With the handler, a thread that has used OpenSSL and ends while the process ends frees the same memory as the handler:
/// three in a hundred programs on a slow processor died with SIGABRT or SIGSEGV after their work was done.
/// </remarks>
internal static unsafe class OpenSsl
{
    private const ulong NoAtExit = 0x0008_0000; // OPENSSL_INIT_NO_ATEXIT, openssl/crypto.h

    private static readonly string[] Names = ["libcrypto.so.3", "libcrypto.so.1.1"];

    /// <summary>Initialises OpenSSL as .NET does, before libvirt is loaded. Nothing happens where it is not installed.</summary>
    public static void Prepare()
    {
        foreach (var name in Names)
        {
            if (NativeLibrary.TryLoad(name, out var library) && NativeLibrary.TryGetExport(library, "OPENSSL_init_crypto", out var function))
            {
                ((delegate* unmanaged[Cdecl]<ulong, void*, int>)function)(NoAtExit, null);
            }
        }
    }
}
