using System.Buffers.Binary;

namespace Passthrough.Sdk.Host.Archive;

/// <summary>Takes out of a firmware's boot entry what names one disk, card or server; the path of the file that it starts stays.</summary>
/// <remarks>The form is that of an efivarfs file: four bytes of attributes, then UEFI's EFI_LOAD_OPTION.</remarks>
internal static class BootEntryRedaction
{
    private const int VariableAttributes = 4;
    private const int Fixed = sizeof(uint) + sizeof(ushort);
    private const int NodeHead = 4;

    /// <summary>Whether a file is such an entry: Boot0001-8be4df61-....</summary>
    public static bool IsEntry(string path)
    {
        const string Start = "/sys/firmware/efi/efivars/Boot";
        return path.StartsWith(Start, StringComparison.Ordinal) && path.Length > Start.Length + 4
            && path.Skip(Start.Length).Take(4).All(char.IsAsciiHexDigitUpper) && path[Start.Length + 4] == '-';
    }

    /// <summary>The same number of bytes, with zeros in the places of what is taken out.</summary>
    public static byte[] Apply(byte[] content)
    {
        var copy = (byte[])content.Clone();
        var at = VariableAttributes + Fixed;
        while (at + 1 < copy.Length && (copy[at] | copy[at + 1]) != 0)
        {
            // A blank: a description of its own length, which may name a disk with its serial number.
            (copy[at], copy[at + 1]) = ((byte)' ', 0);
            at += 2;
        }

        at += 2;
        while (at + NodeHead <= copy.Length && copy[at] != 0x7f)
        {
            var length = BinaryPrimitives.ReadUInt16LittleEndian(copy.AsSpan(at + 2));
            if (length < NodeHead || at + length > copy.Length)
            {
                break;
            }

            if (copy[at] != 4 || copy[at + 1] != 4)
            {
                copy.AsSpan(at + NodeHead, length - NodeHead).Clear();
            }

            at += length;
        }

        // The end of the path and what the entry hands over: a command line, or anything.
        at = Math.Min(at + NodeHead, copy.Length);
        copy.AsSpan(at).Clear();
        return copy;
    }
}
