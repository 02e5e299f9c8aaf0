using System.Runtime.InteropServices;

namespace Passthrough.Sdk.Hostdev.Xml;

/// <summary>
/// One pass over a text: checks that it is well-formed (XML 1.0 with namespaces, without DTDs) and notes where
/// everything stands.
/// </summary>
/// <remarks>
/// Why not XmlReader: it has no offsets, so nothing could be edited in place, and setting it up costs more than half of
/// what XmlSerializer takes for a whole hostdev. It is the judge instead: the tests and the fuzz run hold that this
/// scanner accepts exactly what XmlReader accepts and sees the same tree. Each step takes the offset it begins at and
/// gives the one behind what it read: offsets in locals are what makes it fast, and so is overflow left unchecked, which
/// no offset into a text of <see cref="XmlLimits.Length"/> can reach.
/// </remarks>
internal ref partial struct XmlScanner
{
    private readonly string _text;
    private readonly ReadOnlySpan<char> _s;
    private readonly XmlTree.Element[] _elements;
    private readonly XmlTree.Attribute[] _attributes;
    private int _count;
    private int _attributeCount;
    private int _open;
    private int _depth;

    /// <summary>Whether a name of the tag being read has a prefix or is xmlns.</summary>
    private bool _sawNamespace;

    public XmlScanner(string text)
    {
        _text = text;
        _s = text;
        _open = -1;
        if (text.Length > XmlLimits.Length)
        {
            throw TooLong();
        }

        // Counting first is cheaper than growing the tables; there cannot be more of either. Bytes are counted, and so some letters
        // of other scripts too: .NET's count of characters has no vector instruction in a program compiled ahead of time.
        var bytes = MemoryMarshal.AsBytes(_s);
        _elements = new XmlTree.Element[Math.Clamp(bytes.Count((byte)'<'), 1, XmlLimits.Elements)];
        _attributes = new XmlTree.Attribute[Math.Min(bytes.Count((byte)'='), XmlLimits.Attributes)];
    }

    public XmlTree Scan()
    {
        var s = _s;
        var at = s.Length > 0 && s[0] == '\ufeff' ? 1 : 0;
        if (at + 5 < s.Length && s[at] == '<' && s[at + 1] == '?' && s[at..].StartsWith("<?xml") && IsSpace(s[at + 5]))
        {
            at = Declaration(at);
        }

        while (true)
        {
            at = _open >= 0 ? Text(at) : Outside(at);
            if ((uint)at >= (uint)s.Length)
            {
                break;
            }

            var next = at + 1 < s.Length ? s[at + 1] : '\0';
            at = next == '/' ? EndTag(at)
                : next is '!' or '?' ? Other(at, next)
                : StartTag(at);
        }

        if (_open >= 0)
        {
            throw Error(_elements[_open].Start, $"<{NameOf(_open)}> is not closed");
        }

        return _count == 0
            ? throw Error(s.Length, "there is no root element")
            : new XmlTree(_text, _elements, _count, _attributes, _attributeCount);
    }

    private readonly int Outside(int at)
    {
        at = SkipSpace(at);
        return at == _s.Length || _s[at] == '<' ? at : throw Error(at, "there is text outside the root element");
    }

    /// <summary>Steps over text up to the next markup.</summary>
    private readonly int Text(int at)
    {
        var s = _s;
        var kinds = Kinds;
        unchecked
        {
            while ((uint)at < (uint)s.Length)
            {
                var c = s[at];
                if (c < 128 ? (kinds[c] & TextStop) == 0 : c < '\ud800')
                {
                    at++;
                }
                else if (c == '<')
                {
                    return at;
                }
                else
                {
                    at = c switch
                    {
                        '&' => Reference(at),
                        ']' => s[at..].StartsWith("]]>") ? throw Error(at, "']]>' occurs outside a CDATA section; write ']]&gt;'") : at + 1,
                        _ => Unusual(at),
                    };
                }
            }
        }

        return at;
    }

    /// <summary>Steps over a comment, CDATA section or processing instruction.</summary>
    private int Other(int at, char next)
    {
        var rest = _s[at..];
        return next == '?' ? Instruction(at)
            : rest.StartsWith("<!--") ? Comment(at)
            : rest.StartsWith("<![CDATA[") && _open >= 0 ? Behind(at, at + "<![CDATA[".Length, "]]>", "the CDATA section")
            : rest.StartsWith("<!DOCTYPE") ? throw Error(at, "document type definitions are not allowed; libvirt's documents have none")
            : throw Error(at + 1, "a name is expected here");
    }

    private int StartTag(int at)
    {
        if (_open < 0 && _count > 0)
        {
            throw Error(at, "there is a second root element");
        }

        var index = _count;
        if (index == XmlLimits.Elements || _depth == XmlLimits.Depth)
        {
            throw Error(at, index == XmlLimits.Elements
                ? $"there are more than {XmlLimits.Elements} elements"
                : $"elements are nested deeper than {XmlLimits.Depth}");
        }

        _sawNamespace = false;
        ref var element = ref _elements[index];
        element.Start = at;
        element.Parent = _open;
        element.FirstAttribute = _attributeCount;
        at = element.NameEnd = Name(at + 1);
        _count = index + 1;
        at = AttributesOf(at, index);
        element.ContentStart = element.ContentEnd = element.End = at;
        element.Next = _count;
        if (_sawNamespace)
        {
            CheckNamespaces(index);
        }

        if (_s[at - 2] != '/')
        {
            _open = index;
            _depth++;
        }

        return at;
    }

    private int EndTag(int start)
    {
        if (_open < 0)
        {
            throw Error(start, "an end tag has no start tag");
        }

        ref var element = ref _elements[_open];
        var name = _s[(element.Start + 1)..element.NameEnd];
        var at = start + 2;
        if (!_s[at..].StartsWith(name))
        {
            throw Error(start, $"the end tag does not match <{name}>");
        }

        at += name.Length;
        if ((uint)at >= (uint)_s.Length || _s[at] != '>')
        {
            at = SkipSpace(at);
            if (at == _s.Length || _s[at] != '>')
            {
                throw Error(start, $"the end tag does not match <{name}>");
            }
        }

        element.ContentEnd = start;
        element.End = ++at;
        element.Next = _count;
        _open = element.Parent;
        _depth--;
        return at;
    }

    private readonly ReadOnlySpan<char> NameOf(int element) => _s[(_elements[element].Start + 1).._elements[element].NameEnd];

    private static LibvirtXmlException TooLong() => new(null, $"the text is longer than {XmlLimits.Length} characters");

    private readonly LibvirtXmlException Error(int offset, string rule)
    {
        var (line, column) = XmlTree.Position(_text, offset);
        return new LibvirtXmlException(null, rule, line, column);
    }
}
