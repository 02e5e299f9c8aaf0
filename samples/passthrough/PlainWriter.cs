using System.Buffers;
using System.Globalization;
using System.Text;

namespace Passthrough.Cli;

/// <summary>
/// Writes text for a terminal. Names come from containers, guests and files that somebody sent, and a control character in one of
/// them could clear the screen or forge a line, so it is written as <c>\x1b</c>.
/// </summary>
/// <param name="open">Opens the terminal, at the first write: .NET's own writer would load the terminal's description at every start.</param>
/// <param name="isBuffered">Whether the text is collected, for long lists.</param>
internal sealed class PlainWriter(Func<Stream> open, bool isBuffered = false) : TextWriter
{
    // C0 without tab and line feed, delete, and C1, which terminals obey too.
    private static readonly SearchValues<char> Control = SearchValues.Create(
        [.. Enumerable.Range(0, 0xa0).Where(code => code is (< 0x20 and not '\t' and not '\n') or >= 0x7f).Select(code => (char)code)]);

    private StreamWriter? _inner;

    public override Encoding Encoding => Inner.Encoding;

    // One write for each text, as Console does it.
    private StreamWriter Inner => _inner ??= new StreamWriter(open()) { AutoFlush = !isBuffered };

    public override void Write(char value) => Write([value]);

    public override void WriteLine(string? value) => Write(value + "\n");

    public override void Write(string? value) => Write(value.AsSpan());

    public override void Write(char[] buffer, int index, int count) => Write(buffer.AsSpan(index, count));

    public override void Write(ReadOnlySpan<char> buffer)
    {
        if (!buffer.ContainsAny(Control))
        {
            Inner.Write(buffer);
            return;
        }

        var plain = new StringBuilder(buffer.Length + 8);
        foreach (var letter in buffer)
        {
            _ = Control.Contains(letter) ? plain.Append(CultureInfo.InvariantCulture, $"\\x{(int)letter:x2}") : plain.Append(letter);
        }

        Inner.Write(plain.ToString());
    }

    public override void Flush() => _inner?.Flush();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _inner?.Dispose();
        }

        base.Dispose(disposing);
    }
}
