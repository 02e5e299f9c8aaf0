using System.Runtime.InteropServices;

namespace Passthrough.Sdk.Libvirt.Native;

/// <content>virterror.h: the last error of this thread.</content>
internal static unsafe partial class LibVirt
{
    /// <remarks>Points into the thread's own storage: read at once, never freed.</remarks>
    [LibraryImport(Library)]
    internal static partial VirError* virGetLastError();

    /// <remarks>A copy, freed with <see cref="virFreeError"/>.</remarks>
    [LibraryImport(Library)]
    internal static partial VirError* virSaveLastError();

    [LibraryImport(Library)]
    internal static partial int virSetError(VirError* newerr);

    [LibraryImport(Library)]
    internal static partial void virFreeError(VirError* err);

    [LibraryImport(Library)]
    internal static partial void virSetErrorFunc(nint userData, delegate* unmanaged[Cdecl]<nint, VirError*, void> handler);
}
