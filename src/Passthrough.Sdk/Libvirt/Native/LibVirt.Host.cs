using System.Runtime.InteropServices;
using System.Runtime.InteropServices.Marshalling;

namespace Passthrough.Sdk.Libvirt.Native;

/// <content>libvirt-host.h: initialisation and connections.</content>
internal static unsafe partial class LibVirt
{
    [LibraryImport(Library)]
    internal static partial int virInitialize();

    [LibraryImport(Library)]
    internal static partial int virGetVersion(CULong* libVer, byte* type, CULong* typeVer);

    /// <param name="name">The URI; null for libvirt's choice.</param>
    /// <param name="auth">What credentials the caller can give, and how; null for none. Used during the call only.</param>
    /// <param name="flags">virConnectFlags.</param>
    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial ConnectHandle virConnectOpenAuth(string? name, VirConnectAuth* auth, uint flags);

    /// <remarks>Takes the pointer: it is what <see cref="ConnectHandle"/> releases itself with.</remarks>
    [LibraryImport(Library)]
    internal static partial int virConnectClose(nint conn);

    [LibraryImport(Library)]
    internal static partial int virConnectRef(ConnectHandle conn);

    [LibraryImport(Library)]
    internal static partial int virConnectIsAlive(ConnectHandle conn);

    /// <remarks>For a pointer that a handle keeps.</remarks>
    [LibraryImport(Library)]
    internal static partial int virConnectIsAlive(nint conn);

    [LibraryImport(Library)]
    internal static partial int virConnectSetKeepAlive(ConnectHandle conn, int interval, uint count);

    [LibraryImport(Library)]
    internal static partial int virConnectRegisterCloseCallback(
        ConnectHandle conn, delegate* unmanaged[Cdecl]<nint, int, nint, void> cb, nint opaque, nint freecb);

    /// <remarks>Takes the pointer: it is called while <see cref="ConnectHandle"/> releases itself.</remarks>
    [LibraryImport(Library)]
    internal static partial int virConnectUnregisterCloseCallback(nint conn, delegate* unmanaged[Cdecl]<nint, int, nint, void> cb);

    [LibraryImport(Library)]
    [return: MarshalUsing(typeof(BorrowedUtf8))]
    internal static partial string? virConnectGetType(ConnectHandle conn);

    [LibraryImport(Library)]
    internal static partial int virConnectGetVersion(ConnectHandle conn, out CULong hvVer);

    [LibraryImport(Library)]
    internal static partial int virConnectGetLibVersion(ConnectHandle conn, out CULong libVer);

    [LibraryImport(Library)]
    [return: MarshalUsing(typeof(OwnedUtf8))]
    internal static partial string? virConnectGetHostname(ConnectHandle conn);

    [LibraryImport(Library)]
    [return: MarshalUsing(typeof(OwnedUtf8))]
    internal static partial string? virConnectGetURI(ConnectHandle conn);

    [LibraryImport(Library)]
    [return: MarshalUsing(typeof(OwnedUtf8))]
    internal static partial string? virConnectGetCapabilities(ConnectHandle conn);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    [return: MarshalUsing(typeof(OwnedUtf8))]
    internal static partial string? virConnectGetDomainCapabilities(
        ConnectHandle conn, string? emulatorbin, string? arch, string? machine, string? virttype, uint flags);
}
