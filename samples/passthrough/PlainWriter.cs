using System.Buffers;
using System.Globalization;
using System.Text;

namespace Passthrough.Cli;

/// <summary>
/// Writes text for a terminal. Names come from containers, guests and files that somebody sent, and a control character in one of
/// them could clear the screen or forge a line, so it is written as <c>\x1b</c>.
/// </summary>
internal sealed class PlainWriter(TextWriter inner) : TextWriter
{
    // C0 without tab and line feed, delete, and C1, which terminals obey too.
    private static readonly SearchValues<char> Control = SearchValues.Create(
        [.. Enumerable.Range(0, 0xa0).Where(code => code is (< 0x20 and not '\t' and not '\n') or >= 0x7f).Select(code => (char)code)]);

    public override Encoding Encoding => inner.Encoding;

    public override void Write(char value) => Write([value]);

    public override void Write(string? value) => Write(value.AsSpan());

    public override void Write(char[] buffer, int index, int count) => Write(buffer.AsSpan(index, count));

    public override void Write(ReadOnlySpan<char> buffer)
    {
        while (buffer.IndexOfAny(Control) is >= 0 and var at)
        {
            inner.Write(buffer[..at]);
            inner.Write(string.Create(CultureInfo.InvariantCulture, $"\\x{(int)buffer[at]:x2}"));
            buffer = buffer[(at + 1)..];
        }

        inner.Write(buffer);
    }

    public override void Flush() => inner.Flush();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
        }

        base.Dispose(disposing);
    }
}
