using System.Runtime.InteropServices;

namespace Passthrough.Sdk.Libvirt.Native;

/// <content>virterror.h: the last error of this thread.</content>
internal static unsafe partial class LibVirt
{
    /// <remarks>Points into the thread's own storage: read at once, never freed. Null if there is no error.</remarks>
    [LibraryImport(Library)]
    internal static partial VirError* virGetLastError();

    [LibraryImport(Library)]
    internal static partial void virResetLastError();

    [LibraryImport(Library)]
    internal static partial void virSetErrorFunc(nint userData, delegate* unmanaged[Cdecl]<nint, VirError*, void> handler);
}
