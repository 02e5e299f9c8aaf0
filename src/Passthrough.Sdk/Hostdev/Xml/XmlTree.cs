using System.Runtime.InteropServices;

namespace Passthrough.Sdk.Hostdev.Xml;

/// <summary>
/// A well-formed XML text with a table of where its elements and attributes stand. The text itself stays the only copy
/// of the content: names and values are slices of it, and what is not asked for is never decoded.
/// </summary>
/// <remarks>
/// Elements are in document order, so the children of element <c>n</c> begin at <c>n + 1</c> and its next sibling is at
/// <see cref="Element.Next"/>. Comments, processing instructions and text need no entries: they are what stands
/// between. Thread safety: immutable.
/// </remarks>
internal sealed class XmlTree
{
    private readonly Element[] _elements;
    private readonly Attribute[] _attributes;
    private readonly int _count;
    private readonly int _attributeCount;

    internal XmlTree(string text, Element[] elements, int count, Attribute[] attributes, int attributeCount)
    {
        Text = text;
        _elements = elements;
        _count = count;
        _attributes = attributes;
        _attributeCount = attributeCount;
    }

    public string Text { get; }

    public XmlElementView Root => new(this, 0);

    public int Count => _count;

    /// <summary>Reads a whole document.</summary>
    /// <exception cref="LibvirtXmlException">The text is not well-formed, contains a DTD, or exceeds a limit.</exception>
    public static XmlTree Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return new XmlScanner(text).Scan();
    }

    public ref readonly Element this[int element] => ref _elements[element];

    public ref readonly Attribute AttributeAt(int attribute) => ref _attributes[attribute];

    /// <summary>The index behind the last attribute of an element.</summary>
    public int EndOfAttributes(int element) => element + 1 < _count ? _elements[element + 1].FirstAttribute : _attributeCount;

    /// <summary>Returns the line and column of an offset, both from 1.</summary>
    public static (int Line, int Column) Position(string text, int offset)
    {
        var before = text.AsSpan(0, Math.Min(offset, text.Length));
        int line = 1, start = 0;
        for (var i = 0; i < before.Length; i++)
        {
            if (before[i] == '\n' || (before[i] == '\r' && !(i + 1 < text.Length && text[i + 1] == '\n')))
            {
                line++;
                start = i + 1;
            }
        }

        return (line, before.Length - start + 1);
    }

    /// <summary>Offsets into the text; ends are exclusive.</summary>
    [StructLayout(LayoutKind.Auto)]
    internal struct Element
    {
        /// <summary>The opening bracket.</summary>
        public int Start;
        public int NameEnd;

        /// <summary>Behind the start tag.</summary>
        public int ContentStart;

        /// <summary>The opening bracket of the end tag; equal to <see cref="ContentStart"/> for <c>&lt;a/&gt;</c>.</summary>
        public int ContentEnd;

        /// <summary>Behind the end tag.</summary>
        public int End;
        public int Parent;

        /// <summary>The index behind the last descendant.</summary>
        public int Next;

        /// <summary>Its attributes end where those of the next element begin.</summary>
        public int FirstAttribute;
    }

    /// <summary>Offsets into the text; the value without its quotes.</summary>
    [StructLayout(LayoutKind.Auto)]
    internal struct Attribute
    {
        public int NameStart;
        public int NameEnd;
        public int ValueStart;
        private int _valueEnd;

        public readonly int ValueEnd => _valueEnd >> 1;

        /// <summary>Whether the value means what it says: no reference, tabulator or line end is in it.</summary>
        public readonly bool IsPlain => (_valueEnd & 1) != 0;

        public void SetValueEnd(int end, bool plain) => _valueEnd = (end << 1) | (plain ? 1 : 0);
    }
}
