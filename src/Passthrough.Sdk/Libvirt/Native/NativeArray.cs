using System.Runtime.InteropServices;

namespace Passthrough.Sdk.Libvirt.Native;

/// <summary>Takes over the arrays that libvirt's list functions allocate.</summary>
internal static unsafe class NativeArray
{
    /// <summary>Owns every pointer in <paramref name="array"/> and frees the array itself.</summary>
    public static T[] Take<T>(nint* array, int count, Func<nint, T> own)
    {
        try
        {
            var items = new T[count];
            for (var i = 0; i < count; i++)
            {
                items[i] = own(array[i]);
            }

            return items;
        }
        finally
        {
            NativeMemory.Free(array);
        }
    }
}
