using System.Runtime.InteropServices;

namespace Passthrough.Sdk.Explain.Translations;

/// <summary>Converts the texts of one catalogue to UTF-8, with the C library's <c>iconv</c>.</summary>
/// <remarks>
/// .NET has the old charsets too, but its tables weigh 0.7 MB in a native program, while every host that prints messages in such a
/// charset can convert them. Source: iconv(3). Thread safety: none.
/// </remarks>
internal sealed partial class CharsetConverter : IDisposable
{
    // A byte of these charsets becomes at most three bytes of UTF-8.
    private const int MostGrowth = 3;

    // The charsets that gettext allows in a catalogue. The name is not trusted, so nothing else reaches the C library.
    private static readonly string[] Known =
        ["EUC-", "GB2312", "GBK", "GB18030", "BIG5", "SHIFT_JIS", "ISO-8859-", "KOI8-", "CP125", "WINDOWS-125", "CP850", "CP866", "CP874", "CP932", "CP949", "CP950", "TIS-620"];

    private readonly Handle? _handle;

    private CharsetConverter(Handle? handle) => _handle = handle;

    /// <summary>Opens a converter.</summary>
    /// <param name="charset">The charset's name, as the header of a catalogue has it.</param>
    /// <returns>The converter; null if the charset is not one of gettext's, or this machine cannot convert it.</returns>
    public static CharsetConverter? TryOpen(string charset)
    {
        var name = charset.ToUpperInvariant();
        if (name is "UTF-8" or "UTF8" or "US-ASCII" or "ASCII")
        {
            return new(null);
        }

        if (!name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_') || !Known.Any(known => name.StartsWith(known, StringComparison.Ordinal)))
        {
            return null;
        }

        try
        {
            var handle = new Handle(IconvOpen("UTF-8", name));
            if (!handle.IsInvalid)
            {
                return new(handle);
            }

            handle.Dispose();
            return null;
        }
        catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException)
        {
            // Not a Unix.
            return null;
        }
    }

    /// <summary>Converts a text.</summary>
    /// <param name="text">The text in the converter's charset.</param>
    /// <returns>The text in UTF-8; empty if it is not valid in the charset.</returns>
    public ReadOnlySpan<byte> ToUtf8(ReadOnlySpan<byte> text) => _handle is null ? text : Convert(_handle, text);

    /// <summary>Closes the converter.</summary>
    public void Dispose() => _handle?.Dispose();

    private static unsafe ReadOnlySpan<byte> Convert(Handle handle, ReadOnlySpan<byte> text)
    {
        var converted = new byte[text.Length * MostGrowth];
        fixed (byte* input = text)
        {
            fixed (byte* output = converted)
            {
                var from = input;
                var to = output;
                var left = (nuint)text.Length;
                var room = (nuint)converted.Length;
                _ = Iconv(handle, null, null, null, null); // the state of the text before is forgotten
                return Iconv(handle, &from, &left, &to, &room) == nuint.MaxValue ? [] : converted.AsSpan(0, converted.Length - (int)room);
            }
        }
    }

    [LibraryImport("libc", EntryPoint = "iconv_open", StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint IconvOpen(string to, string from);

    [LibraryImport("libc", EntryPoint = "iconv")]
    private static unsafe partial nuint Iconv(Handle converter, byte** input, nuint* inputLeft, byte** output, nuint* outputRoom);

    [LibraryImport("libc", EntryPoint = "iconv_close")]
    private static partial int IconvClose(nint converter);

    private sealed class Handle(nint value) : SafeHandle(value, ownsHandle: true)
    {
        public override bool IsInvalid => handle == -1;

        protected override bool ReleaseHandle() => IconvClose(handle) == 0;
    }
}
