using System.Runtime.InteropServices;
using System.Runtime.InteropServices.Marshalling;

namespace Passthrough.Sdk.Libvirt.Native;

/// <summary>Marshals a <c>char *</c> that the caller has to free: copied, then freed with C's <c>free</c>.</summary>
[CustomMarshaller(typeof(string), MarshalMode.ManagedToUnmanagedOut, typeof(OwnedUtf8))]
internal static unsafe class OwnedUtf8
{
    public static string? ConvertToManaged(byte* text) => Utf8.Read(text);

    // On Unix this is free(); it leaves libvirt's last error alone.
    public static void Free(byte* text) => NativeMemory.Free(text);
}
