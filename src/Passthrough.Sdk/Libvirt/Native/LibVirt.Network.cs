using System.Runtime.InteropServices;
using System.Runtime.InteropServices.Marshalling;

namespace Passthrough.Sdk.Libvirt.Native;

/// <content>libvirt-network.h: virtual networks, whose pools can hold functions of the host.</content>
internal static unsafe partial class LibVirt
{
    /// <param name="conn">The connection.</param>
    /// <param name="nets">A malloc'd array of owned pointers.</param>
    /// <param name="flags">virConnectListAllNetworksFlags; 0 for all.</param>
    [LibraryImport(Library)]
    internal static partial int virConnectListAllNetworks(ConnectHandle conn, out nint* nets, uint flags);

    /// <remarks>Takes the pointer: it is what <see cref="NetworkHandle"/> releases itself with.</remarks>
    [LibraryImport(Library)]
    internal static partial int virNetworkFree(nint network);

    [LibraryImport(Library)]
    [return: MarshalUsing(typeof(OwnedUtf8))]
    internal static partial string? virNetworkGetXMLDesc(NetworkHandle network, uint flags);
}
