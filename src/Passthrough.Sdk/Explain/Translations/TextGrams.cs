using System.Buffers.Binary;

namespace Passthrough.Sdk.Explain.Translations;

/// <summary>The groups of bytes in a text, which show without reading a message that the text cannot contain it.</summary>
/// <remarks>
/// Six bytes are six Latin letters, three Cyrillic or Greek ones, or two Chinese or Japanese characters; shorter words are identified by
/// four. Thread safety: not safe while <see cref="Add"/> runs.
/// </remarks>
internal sealed class TextGrams
{
    private const int Short = 4;
    private const int Long = 6;
    private const int Bits = 1 << 20;
    private readonly ulong[] _bits = new ulong[Bits / 64];

    /// <summary>Adds all groups of a text in UTF-8.</summary>
    public void Add(ReadOnlySpan<byte> text)
    {
        for (var i = 0; i + Short <= text.Length; i++)
        {
            Set(Hash(text.Slice(i, Short)));
            if (i + Long <= text.Length)
            {
                Set(Hash(text.Slice(i, Long)));
            }
        }
    }

    /// <summary>Returns whether the text can contain the longest word of a translation, by its first, middle and last group.</summary>
    /// <param name="translation">The translation in UTF-8.</param>
    public bool CanHave(ReadOnlySpan<byte> translation)
    {
        var word = LongestWord(translation);
        var length = word.Length >= Long ? Long : Short;
        return word.Length >= length && Has(word[..length]) && Has(word[^length..]) && Has(word.Slice((word.Length - length) / 2, length));
    }

    private void Set(uint hash) => _bits[hash >> 6] |= 1UL << (int)(hash & 63);

    private bool Has(ReadOnlySpan<byte> gram)
    {
        var hash = Hash(gram);
        return (_bits[hash >> 6] & (1UL << (int)(hash & 63))) != 0;
    }

    private static uint Hash(ReadOnlySpan<byte> gram)
    {
        var value = BinaryPrimitives.ReadUInt32LittleEndian(gram);
        return unchecked(gram.Length == Short ? value * 2654435761u : (value * 2246822519u) + (BinaryPrimitives.ReadUInt16LittleEndian(gram[Short..]) * 3266489917u)) >> (32 - 20);
    }

    // Letters only: quotes, spaces and full-width characters differ between prints of a message.
    private static ReadOnlySpan<byte> LongestWord(ReadOnlySpan<byte> text)
    {
        var (best, length) = (0, 0);
        for (var i = 0; i < text.Length;)
        {
            if (text[i] == '%')
            {
                // The letters of a conversion are not part of the text.
                i++;
                while (i < text.Length && text[i] is not ((>= (byte)'a' and <= (byte)'z') or (>= (byte)'A' and <= (byte)'Z') or (byte)'%' or (byte)' '))
                {
                    i++;
                }

                while (i < text.Length && text[i] is (byte)'l' or (byte)'h' or (byte)'z' or (byte)'j')
                {
                    i++;
                }

                i++;
                continue;
            }

            var begin = i;
            while (i < text.Length && IsOfWord(text, i))
            {
                i++;
            }

            if (i - begin > length)
            {
                (best, length) = (begin, i - begin);
            }

            i = i == begin ? i + 1 : i;
        }

        return text.Slice(best, length);
    }

    private static bool IsOfWord(ReadOnlySpan<byte> text, int at) => text[at] switch
    {
        >= (byte)'a' and <= (byte)'z' or >= (byte)'A' and <= (byte)'Z' => true,
        // The first byte of quotes, dashes and spaces (from U+2000 and U+3000), of full-width characters, of Latin-1 symbols.
        0xc2 or 0xe2 or 0xef => false,
        0xe3 => at + 1 < text.Length && text[at + 1] != 0x80,
        >= 0x80 => !IsWithinSign(text, at),
        _ => false,
    };

    // The bytes after such a first byte belong to it.
    private static bool IsWithinSign(ReadOnlySpan<byte> text, int at)
    {
        for (var i = at; i > at - 3 && i > 0 && (text[i] & 0xc0) == 0x80; i--)
        {
            if (text[i - 1] is 0xc2 or 0xe2 or 0xef || (text[i - 1] == 0xe3 && text[i] == 0x80))
            {
                return true;
            }
        }

        return false;
    }
}
