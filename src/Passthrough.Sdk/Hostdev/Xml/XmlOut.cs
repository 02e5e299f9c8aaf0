using System.Buffers;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Passthrough.Sdk.Hostdev.Xml;

/// <summary>
/// Writes elements as libvirt does: two spaces of indentation, values in single quotes, empty elements closed at once.
/// </summary>
/// <remarks>
/// What the models do not know is written where it was: an unknown attribute behind the known ones, an unknown element
/// behind the known sibling it followed. Not thread-safe.
/// </remarks>
internal ref struct XmlOut
{
    private static readonly SearchValues<char> Special = SearchValues.Create("<>&'\"\t\n\r");
    private static readonly SearchValues<char> SpecialInText = SearchValues.Create("<>&'\"\r");

    private readonly string _newLine;
    private char[] _buffer;
    private int _length;
    private Frame[] _frames;
    private int _depth;

    /// <summary>Writes a part of a model into an output.</summary>
    public delegate void Writer<in TModel>(TModel model, ref XmlOut xml);

    /// <param name="newLine">A line end and the indentation of the outermost element; empty writes all on one line.</param>
    private XmlOut(string newLine)
    {
        _newLine = newLine;
        _buffer = ArrayPool<char>.Shared.Rent(1024);
        _frames = ArrayPool<Frame>.Shared.Rent(8);
    }

    /// <summary>Writes a model as text.</summary>
    /// <param name="newLine">A line end and the indentation of the outermost element; empty writes all on one line.</param>
    /// <param name="model">The model.</param>
    /// <param name="write">Writes it.</param>
    public static string Write<TModel>(string newLine, TModel model, Writer<TModel> write)
    {
        var xml = new XmlOut(newLine);
        try
        {
            write(model, ref xml);
            return xml.ToString();
        }
        finally
        {
            xml.Dispose();
        }
    }

    public void Start(string name, UnknownXml? unknown = null)
    {
        if (_depth > 0)
        {
            BeginChild(name);
        }

        NewLine();
        Append('<');
        Append(name);
        if (_depth == _frames.Length)
        {
            var larger = ArrayPool<Frame>.Shared.Rent(_depth * 2);
            _frames.CopyTo(larger, 0);
            ArrayPool<Frame>.Shared.Return(_frames, clearArray: true);
            _frames = larger;
        }

        _frames[_depth++] = new Frame { Name = name, Unknown = unknown };
    }

    public void End()
    {
        ref var frame = ref _frames[_depth - 1];
        Flush(ref frame, all: true);
        if (!frame.HasContent)
        {
            CloseTag(ref frame, "/>");
            _depth--;
            return;
        }

        _depth--;
        if (!frame.HasText)
        {
            NewLine();
        }

        Append("</");
        Append(frame.Name);
        Append('>');
    }

    /// <summary>An attribute; a null value writes nothing.</summary>
    public void Attribute(string name, ReadOnlySpan<char> value, bool present = true)
    {
        if (present)
        {
            BeginAttribute(name);
            Escaped(value, Special);
            Append('\'');
        }
    }

    public void Attribute(string name, string? value) => Attribute(name, value, value is not null);

    public void YesNo(string name, bool? value) => Attribute(name, value is true ? "yes" : "no", value is not null);

    public void OnOff(string name, bool? value) => Attribute(name, value is true ? "on" : "off", value is not null);

    public void Number(string name, long? value)
    {
        if (value is { } number)
        {
            BeginAttribute(name);
            Format(number, default);
            Append('\'');
        }
    }

    public void Unsigned(string name, ulong value)
    {
        BeginAttribute(name);
        value.TryFormat(Room(24), out var written, default, CultureInfo.InvariantCulture);
        _length += written;
        Append('\'');
    }

    /// <summary>0x and at least so many digits.</summary>
    public void Hex(string name, long? value, int digits)
    {
        if (value is { } number)
        {
            BeginAttribute(name);
            Append("0x");
            Format(number, digits switch { 1 => "x1", 2 => "x2", 4 => "x4", 6 => "x6", _ => "x8" });
            Append('\'');
        }
    }

    /// <summary>The text of the open element.</summary>
    public void Text(ReadOnlySpan<char> value)
    {
        if (value.IsEmpty)
        {
            return;
        }

        ref var frame = ref _frames[_depth - 1];
        if (!frame.HasContent)
        {
            CloseTag(ref frame, ">");
        }

        frame.HasText = true;
        Escaped(value, SpecialInText);
    }

    /// <summary>An element with nothing but text; a null value writes nothing.</summary>
    public void Element(string name, string? value, UnknownXml? unknown = null)
    {
        if (value is not null)
        {
            Start(name, unknown);
            Text(value);
            End();
        }
    }

    /// <summary>Opens a <c>capability</c> of node device XML.</summary>
    public void StartCapability(string type, UnknownXml? unknown = null)
    {
        Start("capability", unknown);
        Attribute("type", type);
    }

    /// <summary>An element that says all by being there.</summary>
    public void Mark(string name, bool present)
    {
        if (present)
        {
            Start(name);
            End();
        }
    }

    public readonly override string ToString() => new(_buffer, 0, _length);

    private readonly void Dispose()
    {
        ArrayPool<char>.Shared.Return(_buffer);
        ArrayPool<Frame>.Shared.Return(_frames, clearArray: true);
    }

    private void BeginChild(string? name)
    {
        ref var parent = ref _frames[_depth - 1];
        if (name is not null && parent.LastChild != name)
        {
            Flush(ref parent, all: false);
            parent.LastChild = name;
        }

        if (!parent.HasContent)
        {
            CloseTag(ref parent, ">");
        }
    }

    private void Flush(ref Frame frame, bool all)
    {
        if (frame.Unknown is not { } unknown)
        {
            return;
        }

        var elements = unknown.Anchored;
        for (var i = 0; i < elements.Length; i++)
        {
            frame.Written ??= new bool[elements.Length];
            if ((all || elements[i].After == frame.LastChild) && !frame.Written[i])
            {
                frame.Written[i] = true;
                BeginChild(null);
                NewLine();
                Append(elements[i].Xml);
            }
        }
    }

    private void CloseTag(ref Frame frame, string end)
    {
        frame.HasContent = end.Length == 1;
        foreach (var (name, value) in frame.Unknown?.Attributes ?? [])
        {
            Attribute(name, value);
        }

        Append(end);
    }

    private void BeginAttribute(string name)
    {
        Append(' ');
        Append(name);
        Append("='");
    }

    private void NewLine()
    {
        if (_length == 0 || _newLine.Length == 0)
        {
            return;
        }

        Append(_newLine);
        Room(_depth * 2).Fill(' ');
        _length += _depth * 2;
    }

    private void Escaped(ReadOnlySpan<char> value, SearchValues<char> special)
    {
        for (var i = value.IndexOfAny(special); i >= 0; i = value.IndexOfAny(special))
        {
            Append(value[..i]);
            Append(value[i] switch
            {
                '<' => "&lt;",
                '>' => "&gt;",
                '&' => "&amp;",
                '\'' => "&apos;",
                '"' => "&quot;",
                '\t' => "&#9;",
                '\n' => "&#10;",
                _ => "&#13;",
            });
            value = value[(i + 1)..];
        }

        Append(value);
    }

    private void Format(long number, ReadOnlySpan<char> format)
    {
        number.TryFormat(Room(24), out var written, format, CultureInfo.InvariantCulture);
        _length += written;
    }

    private void Append(ReadOnlySpan<char> value)
    {
        value.CopyTo(Room(value.Length));
        _length += value.Length;
    }

    private void Append(char value)
    {
        Room(1)[0] = value;
        _length++;
    }

    private Span<char> Room(int length)
    {
        if (_buffer.Length - _length < length)
        {
            var larger = ArrayPool<char>.Shared.Rent(Math.Max(_buffer.Length * 2, _length + length));
            _buffer.AsSpan(0, _length).CopyTo(larger);
            ArrayPool<char>.Shared.Return(_buffer);
            _buffer = larger;
        }

        return _buffer.AsSpan(_length, length);
    }

    [StructLayout(LayoutKind.Auto)]
    private struct Frame
    {
        public string Name;
        public string? LastChild;
        public UnknownXml? Unknown;
        public bool[]? Written;
        public bool HasContent;
        public bool HasText;
    }
}
