using System.Text;

namespace Passthrough.Sdk.Boot.Shell;

/// <summary>A file that a shell would source. The text is Latin-1: a character is a byte, whatever the file's encoding.</summary>
internal sealed record ShellSource(string Path, string Text)
{
    /// <summary>Whether another file sources it, so that it is not read by itself.</summary>
    public bool IsIncluded { get; init; }

    public static ShellSource FromBytes(string path, ReadOnlySpan<byte> bytes) => new(path, Encoding.Latin1.GetString(bytes));

    public byte[] ToBytes() => Encoding.Latin1.GetBytes(Text);

    /// <summary>The number (from 1) and the text of the line at an offset, as UTF-8 where it is that.</summary>
    public (int Number, string Text) LineAt(int offset)
    {
        offset = Math.Min(offset, Text.Length);
        var number = 1 + Text.AsSpan(0, offset).Count('\n');
        var start = offset == 0 ? 0 : Text.LastIndexOf('\n', offset - 1) + 1;
        var end = Text.IndexOf('\n', offset);
        var line = Text[start..(end < 0 ? Text.Length : end)].TrimEnd('\r');
        return (number, Encoding.UTF8.GetString(Encoding.Latin1.GetBytes(line)));
    }
}
