using System.Runtime.InteropServices.Marshalling;

namespace Passthrough.Sdk.Libvirt.Native;

/// <summary>Marshals a <c>const char *</c> that belongs to a handle: copied, never freed.</summary>
[CustomMarshaller(typeof(string), MarshalMode.ManagedToUnmanagedOut, typeof(BorrowedUtf8))]
internal static unsafe class BorrowedUtf8
{
    public static string? ConvertToManaged(byte* text) => Utf8.Read(text);
}
