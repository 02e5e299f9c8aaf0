using System.Runtime.InteropServices;
using Passthrough.Sdk.Libvirt.Native;

namespace Passthrough.Sdk.LibvirtTests.Native;

/// <summary>Functions of libvirt's that only the tests need.</summary>
internal static partial class LibVirtForTests
{
    private const string Library = "libvirt.so.0";

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial ConnectHandle virConnectOpen(string name);

    [LibraryImport(Library)]
    internal static partial int virConnectRef(nint conn);

    [LibraryImport(Library)]
    internal static partial int virDomainManagedSave(DomainHandle dom, uint flags);

    [LibraryImport(Library)]
    internal static partial int virDomainManagedSaveRemove(DomainHandle dom, uint flags);
}
