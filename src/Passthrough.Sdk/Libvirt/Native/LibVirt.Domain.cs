using System.Runtime.InteropServices;
using System.Runtime.InteropServices.Marshalling;

namespace Passthrough.Sdk.Libvirt.Native;

/// <content>libvirt-domain.h: domains and their devices.</content>
internal static unsafe partial class LibVirt
{
    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial DomainHandle virDomainLookupByName(ConnectHandle conn, string name);

    /// <param name="conn">The connection.</param>
    /// <param name="uuid">16 bytes in network order.</param>
    [LibraryImport(Library)]
    internal static partial DomainHandle virDomainLookupByUUID(ConnectHandle conn, byte* uuid);

    /// <param name="conn">The connection.</param>
    /// <param name="domains">A malloc'd array of owned pointers.</param>
    /// <param name="flags">None are used.</param>
    [LibraryImport(Library)]
    internal static partial int virConnectListAllDomains(ConnectHandle conn, out nint* domains, uint flags);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial DomainHandle virDomainDefineXMLFlags(ConnectHandle conn, string xml, uint flags);

    /// <remarks>Takes the pointer: it is what <see cref="DomainHandle"/> releases itself with.</remarks>
    [LibraryImport(Library)]
    internal static partial int virDomainFree(nint domain);

    [LibraryImport(Library)]
    [return: MarshalUsing(typeof(BorrowedUtf8))]
    internal static partial string? virDomainGetName(DomainHandle domain);

    /// <remarks>For a pointer that an event callback was lent.</remarks>
    [LibraryImport(Library)]
    [return: MarshalUsing(typeof(BorrowedUtf8))]
    internal static partial string? virDomainGetName(nint domain);

    [LibraryImport(Library)]
    internal static partial int virDomainGetUUID(DomainHandle domain, byte* uuid);

    /// <remarks>For a pointer that an event callback was lent.</remarks>
    [LibraryImport(Library)]
    internal static partial int virDomainGetUUID(nint domain, byte* uuid);

    [LibraryImport(Library)]
    internal static partial int virDomainGetState(DomainHandle domain, out int state, out int reason, uint flags);

    [LibraryImport(Library)]
    internal static partial int virDomainIsActive(DomainHandle dom);

    [LibraryImport(Library)]
    internal static partial int virDomainIsPersistent(DomainHandle dom);

    [LibraryImport(Library)]
    internal static partial int virDomainHasManagedSaveImage(DomainHandle dom, uint flags);

    [LibraryImport(Library)]
    [return: MarshalUsing(typeof(OwnedUtf8))]
    internal static partial string? virDomainGetXMLDesc(DomainHandle domain, uint flags);

    [LibraryImport(Library)]
    internal static partial int virDomainCreateWithFlags(DomainHandle domain, uint flags);

    [LibraryImport(Library)]
    internal static partial int virDomainDestroyFlags(DomainHandle domain, uint flags);

    [LibraryImport(Library)]
    internal static partial int virDomainShutdownFlags(DomainHandle domain, uint flags);

    [LibraryImport(Library)]
    internal static partial int virDomainUndefineFlags(DomainHandle domain, uint flags);

    /// <param name="domain">The domain.</param>
    /// <param name="type">virDomainMetadataType: 2 for an element.</param>
    /// <param name="metadata">The element without its namespace; null removes the one of <paramref name="uri"/>.</param>
    /// <param name="key">The prefix of the namespace.</param>
    /// <param name="uri">The namespace.</param>
    /// <param name="flags">virDomainModificationImpact.</param>
    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int virDomainSetMetadata(DomainHandle domain, int type, string? metadata, string? key, string? uri, uint flags);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int virDomainAttachDeviceFlags(DomainHandle domain, string xml, uint flags);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int virDomainDetachDeviceFlags(DomainHandle domain, string xml, uint flags);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int virDomainUpdateDeviceFlags(DomainHandle domain, string xml, uint flags);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int virDomainDetachDeviceAlias(DomainHandle domain, string alias, uint flags);

    /// <remarks>7.1.0: ask <see cref="LibvirtRuntime.Has"/> first.</remarks>
    /// <param name="domain">The domain.</param>
    /// <param name="msgs">A malloc'd array of malloc'd texts.</param>
    /// <param name="flags">virDomainMessageType; 0 for all.</param>
    [LibraryImport(Library)]
    internal static partial int virDomainGetMessages(DomainHandle domain, out nint* msgs, uint flags);
}
