using System.Runtime.InteropServices;

namespace Passthrough.Sdk.Libvirt.Native;

/// <content>libvirt-event.h: the default event loop.</content>
internal static partial class LibVirt
{
    [LibraryImport(Library)]
    internal static partial int virEventRegisterDefaultImpl();

    [LibraryImport(Library)]
    internal static partial int virEventRunDefaultImpl();
}
