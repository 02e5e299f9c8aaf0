using System.Text;

namespace Passthrough.Sdk.Testing;

/// <summary>The text of a console, of which the last million characters or so are kept.</summary>
internal sealed class ConsoleText
{
    private const int Most = 1 << 20;

    private readonly Lock _gate = new();
    private readonly Decoder _decoder = Encoding.UTF8.GetDecoder();
    private readonly StringBuilder _text = new();

    public void Append(ReadOnlySpan<byte> bytes)
    {
        lock (_gate)
        {
            var letters = new char[_decoder.GetCharCount(bytes, flush: false)];
            _text.Append(letters, 0, _decoder.GetChars(bytes, letters, flush: false));
            if (_text.Length > 2 * Most)
            {
                _text.Remove(0, _text.Length - Most);
            }
        }
    }

    public override string ToString()
    {
        lock (_gate)
        {
            return _text.ToString();
        }
    }
}
