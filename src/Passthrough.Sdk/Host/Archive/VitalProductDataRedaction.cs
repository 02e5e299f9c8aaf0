using Passthrough.Sdk.Pci;

namespace Passthrough.Sdk.Host.Archive;

/// <summary>Takes out of vital product data what may name one card: its serial number, and what vendor, system and owner wrote as they like.</summary>
internal static class VitalProductDataRedaction
{
    private const byte ReadOnlyTag = 0x90;
    private const byte ReadWriteTag = 0x91;
    private const byte EndTag = 0x78;
    private const int Head = 3;

    /// <summary>The same number of bytes, with zeros in their places, and with a checksum that is right where it was before.</summary>
    public static byte[] Apply(byte[] data)
    {
        var copy = (byte[])data.Clone();
        var checksum = -1;
        var at = 0;
        while (at + Head <= copy.Length && (copy[at] & 0x80) != 0)
        {
            var end = Math.Min(at + Head + copy[at + 1] + (copy[at + 2] << 8), copy.Length);
            if (copy[at] is ReadOnlyTag or ReadWriteTag)
            {
                BlankFields(copy, at + Head, end, ref checksum);
            }

            at = end;
        }

        // What comes after the end, or is no such data, may be anything.
        copy.AsSpan(at < copy.Length && copy[at] == EndTag ? at + 1 : at).Clear();
        if (checksum >= 0 && VitalProductData.Parse(data).IsChecksumValid == true)
        {
            var sum = 0;
            foreach (var part in copy.AsSpan(0, checksum))
            {
                sum += part;
            }

            copy[checksum] = (byte)(-sum & 0xff);
        }

        return copy;
    }

    private static void BlankFields(byte[] copy, int at, int end, ref int checksum)
    {
        while (at + Head <= end)
        {
            var value = copy.AsSpan(at + Head, Math.Min(copy[at + 2], end - at - Head));
            switch ((copy[at], copy[at + 1]))
            {
                case ((byte)'R', (byte)'V') when value.Length > 0 && checksum < 0:
                    checksum = at + Head;
                    value[1..].Clear();
                    break;
                case ((byte)'S', (byte)'N') or ((byte)'V', _) or ((byte)'Y', _):
                    value.Fill((byte)'0');
                    break;
                case ((byte)'R', (byte)'W'):
                    value.Clear();
                    break;
            }

            at += Head + value.Length;
        }
    }
}
