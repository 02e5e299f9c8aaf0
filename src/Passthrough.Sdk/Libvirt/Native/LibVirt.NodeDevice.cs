using System.Runtime.InteropServices;
using System.Runtime.InteropServices.Marshalling;

namespace Passthrough.Sdk.Libvirt.Native;

/// <content>libvirt-nodedev.h: the host's own devices.</content>
internal static unsafe partial class LibVirt
{
    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial NodeDeviceHandle virNodeDeviceLookupByName(ConnectHandle conn, string name);

    /// <param name="conn">The connection.</param>
    /// <param name="devices">A malloc'd array of owned pointers.</param>
    /// <param name="flags">virConnectListAllNodeDeviceFlags.</param>
    [LibraryImport(Library)]
    internal static partial int virConnectListAllNodeDevices(ConnectHandle conn, out nint* devices, uint flags);

    /// <remarks>Takes the pointer: it is what <see cref="NodeDeviceHandle"/> releases itself with.</remarks>
    [LibraryImport(Library)]
    internal static partial int virNodeDeviceFree(nint dev);

    [LibraryImport(Library)]
    [return: MarshalUsing(typeof(BorrowedUtf8))]
    internal static partial string? virNodeDeviceGetName(NodeDeviceHandle dev);

    /// <remarks>For a pointer that an event callback was lent.</remarks>
    [LibraryImport(Library)]
    [return: MarshalUsing(typeof(BorrowedUtf8))]
    internal static partial string? virNodeDeviceGetName(nint dev);

    [LibraryImport(Library)]
    [return: MarshalUsing(typeof(BorrowedUtf8))]
    internal static partial string? virNodeDeviceGetParent(NodeDeviceHandle dev);

    [LibraryImport(Library)]
    [return: MarshalUsing(typeof(OwnedUtf8))]
    internal static partial string? virNodeDeviceGetXMLDesc(NodeDeviceHandle dev, uint flags);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int virNodeDeviceDetachFlags(NodeDeviceHandle dev, string? driverName, uint flags);

    [LibraryImport(Library)]
    internal static partial int virNodeDeviceReAttach(NodeDeviceHandle dev);

    [LibraryImport(Library)]
    internal static partial int virNodeDeviceReset(NodeDeviceHandle dev);

    [LibraryImport(Library)]
    internal static partial int virNodeDeviceNumOfCaps(NodeDeviceHandle dev);

    /// <param name="dev">The device.</param>
    /// <param name="names">An array of the caller's, which gets malloc'd strings.</param>
    /// <param name="maxnames">Its length.</param>
    [LibraryImport(Library)]
    internal static partial int virNodeDeviceListCaps(NodeDeviceHandle dev, nint* names, int maxnames);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial NodeDeviceHandle virNodeDeviceCreateXML(ConnectHandle conn, string xmlDesc, uint flags);

    [LibraryImport(Library)]
    internal static partial int virNodeDeviceDestroy(NodeDeviceHandle dev);

    /// <remarks>libvirt 7.3.</remarks>
    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial NodeDeviceHandle virNodeDeviceDefineXML(ConnectHandle conn, string xmlDesc, uint flags);

    /// <remarks>libvirt 7.3.</remarks>
    [LibraryImport(Library)]
    internal static partial int virNodeDeviceCreate(NodeDeviceHandle dev, uint flags);

    /// <remarks>libvirt 7.3.</remarks>
    [LibraryImport(Library)]
    internal static partial int virNodeDeviceUndefine(NodeDeviceHandle dev, uint flags);

    /// <remarks>libvirt 7.8.</remarks>
    [LibraryImport(Library)]
    internal static partial int virNodeDeviceGetAutostart(NodeDeviceHandle dev, out int autostart);

    /// <remarks>libvirt 7.8.</remarks>
    [LibraryImport(Library)]
    internal static partial int virNodeDeviceSetAutostart(NodeDeviceHandle dev, int autostart);

    /// <remarks>libvirt 7.8.</remarks>
    [LibraryImport(Library)]
    internal static partial int virNodeDeviceIsActive(NodeDeviceHandle dev);

    /// <remarks>libvirt 7.8.</remarks>
    [LibraryImport(Library)]
    internal static partial int virNodeDeviceIsPersistent(NodeDeviceHandle dev);

    /// <remarks>libvirt 10.1.</remarks>
    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int virNodeDeviceUpdate(NodeDeviceHandle dev, string xmlDesc, uint flags);
}
