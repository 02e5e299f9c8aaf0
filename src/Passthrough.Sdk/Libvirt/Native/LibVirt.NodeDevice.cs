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
}
