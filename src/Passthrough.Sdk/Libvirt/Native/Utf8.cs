using System.Runtime.InteropServices;
using System.Text;

namespace Passthrough.Sdk.Libvirt.Native;

/// <summary>Reads C strings; libvirt's are UTF-8.</summary>
internal static unsafe class Utf8
{
    /// <summary>The text at <paramref name="text"/>, or null for a null pointer. Frees nothing.</summary>
    public static string? Read(byte* text) =>
        text is null ? null : Encoding.UTF8.GetString(MemoryMarshal.CreateReadOnlySpanFromNullTerminated(text));

    /// <summary>The text at <paramref name="owned"/>, which is freed with C's <c>free</c>.</summary>
    public static string Take(nint owned)
    {
        try
        {
            return Read((byte*)owned) ?? "";
        }
        finally
        {
            NativeMemory.Free((void*)owned);
        }
    }
}
