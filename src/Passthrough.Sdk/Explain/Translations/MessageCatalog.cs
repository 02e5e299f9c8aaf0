using System.Buffers.Binary;
using System.Text;

namespace Passthrough.Sdk.Explain.Translations;

/// <summary>A catalogue of translated messages, as gettext's msgfmt writes it (<c>libvirt.mo</c>).</summary>
/// <remarks>
/// <para>
/// libvirt, virt-manager and the C library print their messages in the user's language; the catalogue maps them back to the English
/// ones, which <see cref="ExplainExtensions"/> knows. Source: /usr/share/locale/LANGUAGE/LC_MESSAGES/DOMAIN.mo; the format is
/// described in gettext's manual, "The Format of GNU MO Files".
/// </para>
/// <para>
/// The content is not trusted: a truncated or malicious catalogue has fewer messages, or none, and never causes an exception. Thread
/// safety: immutable.
/// </para>
/// </remarks>
public sealed class MessageCatalog
{
    private const uint Magic = 0x950412de;
    private const int HeaderLength = 20;
    private const int MostMessages = 100_000;
    private const int LongestMessage = 4096;
    private const byte ContextEnd = 4;

    private readonly ReadOnlyMemory<byte> _content;
    private readonly bool _isBigEndian;
    private readonly int _originals;
    private readonly int _translations;

    private MessageCatalog(ReadOnlyMemory<byte> content, string source, bool isBigEndian, int count, int originals, int translations)
    {
        (_content, Source, _isBigEndian, Count, _originals, _translations) = (content, source, isBigEndian, count, originals, translations);
        Charset = CharsetOf();
    }

    /// <summary>Gets where the catalogue was read, for the evidence: a path.</summary>
    public string Source { get; }

    /// <summary>Gets the number of messages in its header; some of them may be unreadable.</summary>
    public int Count { get; }

    /// <summary>Gets the charset of the translations, as the catalogue's header names it.</summary>
    internal string Charset { get; }

    /// <summary>Reads a catalogue.</summary>
    /// <param name="content">The bytes of a <c>.mo</c> file, in either byte order. They are kept, not copied.</param>
    /// <param name="source">The source of the messages, for the evidence.</param>
    /// <returns>The catalogue, without messages if the bytes are not a catalogue.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="source"/> is null.</exception>
    public static MessageCatalog Parse(ReadOnlyMemory<byte> content, string source)
    {
        ArgumentNullException.ThrowIfNull(source);
        var bytes = content.Span;
        if (bytes.Length < HeaderLength)
        {
            return new(content, source, isBigEndian: false, 0, 0, 0);
        }

        var isBigEndian = BinaryPrimitives.ReadUInt32BigEndian(bytes) == Magic;
        if (!isBigEndian && BinaryPrimitives.ReadUInt32LittleEndian(bytes) != Magic)
        {
            return new(content, source, isBigEndian: false, 0, 0, 0);
        }

        var (revision, count, originals, translations) = (Number(bytes, 4, isBigEndian), Number(bytes, 8, isBigEndian), Number(bytes, 12, isBigEndian), Number(bytes, 16, isBigEndian));
        var isSane = revision >> 16 is 0 or 1 && count <= MostMessages && originals + (8UL * count) <= (ulong)bytes.Length && translations + (8UL * count) <= (ulong)bytes.Length;
        return isSane ? new(content, source, isBigEndian, (int)count, (int)originals, (int)translations) : new(content, source, isBigEndian, 0, 0, 0);
    }

    /// <summary>Returns the bytes of the translation at an index; empty if it is unreadable.</summary>
    internal ReadOnlySpan<byte> Translation(int index) => Text(_translations, index);

    /// <summary>Returns the bytes of the English message at an index, without its context; empty if it is unreadable.</summary>
    internal ReadOnlySpan<byte> Original(int index)
    {
        var text = Text(_originals, index);
        return text[(text.IndexOf(ContextEnd) + 1)..];
    }

    private ReadOnlySpan<byte> Text(int table, int index)
    {
        var bytes = _content.Span;
        var (length, offset) = (Number(bytes, table + (8 * index), _isBigEndian), Number(bytes, table + (8 * index) + 4, _isBigEndian));
        return length <= LongestMessage && (ulong)offset + length <= (ulong)bytes.Length ? bytes.Slice((int)offset, (int)length) : [];
    }

    private static uint Number(ReadOnlySpan<byte> bytes, int at, bool isBigEndian) =>
        isBigEndian ? BinaryPrimitives.ReadUInt32BigEndian(bytes[at..]) : BinaryPrimitives.ReadUInt32LittleEndian(bytes[at..]);

    // The translation of the empty message is a header: "Content-Type: text/plain; charset=UTF-8".
    private string CharsetOf()
    {
        for (var i = 0; i < Math.Min(Count, 4); i++)
        {
            if (!Text(_originals, i).IsEmpty)
            {
                continue;
            }

            var head = Text(_translations, i);
            var at = head.IndexOf("charset="u8);
            if (at < 0)
            {
                break;
            }

            var name = head[(at + 8)..];
            var end = name.IndexOfAny((byte)'\n', (byte)' ', (byte)';');
            return Encoding.ASCII.GetString(end < 0 ? name[..Math.Min(name.Length, 40)] : name[..end]);
        }

        return "UTF-8";
    }
}
