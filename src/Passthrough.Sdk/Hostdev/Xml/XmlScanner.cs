using System.Buffers;
using System.Xml;

namespace Passthrough.Sdk.Hostdev.Xml;

/// <summary>
/// One pass over a text: checks that it is well-formed (XML 1.0 with namespaces, without DTDs) and notes where
/// everything stands.
/// </summary>
/// <remarks>
/// Why not XmlReader: it has no offsets, so nothing could be edited in place, and setting it up costs more than half of
/// what XmlSerializer takes for a whole hostdev. It is the judge instead: the tests and the fuzz run hold that this
/// scanner accepts exactly what XmlReader accepts and sees the same tree.
/// </remarks>
internal ref partial struct XmlScanner
{
    private static readonly SearchValues<char> Controls = SearchValues.Create(
        "\u0000\u0001\u0002\u0003\u0004\u0005\u0006\u0007\u0008\u000b\u000c\u000e\u000f\u0010\u0011\u0012\u0013\u0014\u0015"
        + "\u0016\u0017\u0018\u0019\u001a\u001b\u001c\u001d\u001e\u001f");

    /// <summary>What nearly every text is made of, and nothing of it is illegal.</summary>
    private static readonly SearchValues<char> Plain = SearchValues.Create(
        "\t\n\r !\"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`abcdefghijklmnopqrstuvwxyz{|}~");

    private static readonly SearchValues<char> EncodingCharacters = SearchValues.Create(
        "-._0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    private static readonly SearchValues<char> TextStops = SearchValues.Create("<&]");

    private readonly string _text;
    private readonly ReadOnlySpan<char> _s;
    private XmlTree.Element[] _elements;
    private XmlTree.Attribute[] _attributes;
    private int _count;
    private int _attributeCount;
    private int _at;
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
            throw new LibvirtXmlException(null, $"the text is longer than {XmlLimits.Length} characters");
        }

        // Counting first is cheaper than growing the tables, and gives their true size nearly always.
        _elements = new XmlTree.Element[Math.Clamp(_s.Count('<') - _s.Count("</"), 1, XmlLimits.Elements)];
        _attributes = new XmlTree.Attribute[Math.Min(_s.Count('='), XmlLimits.Attributes)];
    }

    public XmlTree Scan()
    {
        RefuseIllegalCharacters();
        if (_s.StartsWith("\ufeff"))
        {
            _at = 1;
        }

        if (_s[_at..].StartsWith("<?xml") && _at + 5 < _s.Length && IsSpace(_s[_at + 5]))
        {
            Declaration();
        }

        while (_at < _s.Length)
        {
            if (_open >= 0)
            {
                Content();
            }
            else
            {
                Outside();
            }
        }

        if (_open >= 0)
        {
            throw Error(_elements[_open].Start, $"<{NameOf(_open)}> is not closed");
        }

        return _count == 0
            ? throw Error(_s.Length, "there is no root element")
            : new XmlTree(_text, _elements, _count, _attributes);
    }

    private void Outside()
    {
        SkipSpace();
        if (_at == _s.Length)
        {
            return;
        }

        if (_s[_at] != '<')
        {
            throw Error(_at, "text stands outside the root element");
        }

        Markup();
    }

    private void Content()
    {
        while (true)
        {
            var stop = _s[_at..].IndexOfAny(TextStops);
            if (stop < 0)
            {
                _at = _s.Length;
                return;
            }

            _at += stop;
            switch (_s[_at])
            {
                case '&':
                    Reference();
                    break;
                case ']':
                    if (_s[_at..].StartsWith("]]>"))
                    {
                        throw Error(_at, "']]>' stands outside a CDATA section; write ']]&gt;'");
                    }

                    _at++;
                    break;
                default:
                    Markup();
                    return;
            }
        }
    }

    private void Markup()
    {
        var next = _at + 1 < _s.Length ? _s[_at + 1] : '\0';
        switch (next)
        {
            case '/':
                EndTag();
                break;
            case '?':
                Instruction();
                break;
            case '!' when _s[_at..].StartsWith("<!--"):
                Comment();
                break;
            case '!' when _s[_at..].StartsWith("<![CDATA[") && _open >= 0:
                _at = Behind("<![CDATA[", "]]>", "the CDATA section");
                break;
            case '!' when _s[_at..].StartsWith("<!DOCTYPE"):
                throw Error(_at, "document type definitions are refused; libvirt's documents have none");
            default:
                StartTag();
                break;
        }
    }

    private void StartTag()
    {
        if (_open < 0 && _count > 0)
        {
            throw Error(_at, "there is a second root element");
        }

        var index = _count;
        if (index == XmlLimits.Elements || _depth == XmlLimits.Depth)
        {
            throw Error(_at, index == XmlLimits.Elements
                ? $"there are more than {XmlLimits.Elements} elements"
                : $"elements are nested deeper than {XmlLimits.Depth}");
        }

        if (index == _elements.Length)
        {
            Array.Resize(ref _elements, Math.Min((index + 1) * 2, XmlLimits.Elements));
        }

        ref var element = ref _elements[_count++];
        _sawNamespace = false;
        element.Start = _at++;
        Name();
        element.NameEnd = _at;
        element.Parent = _open;
        element.FirstAttribute = _attributeCount;
        var empty = AttributesOf(ref element);
        element.ContentStart = element.ContentEnd = element.End = _at;
        element.Next = _count;
        if (_sawNamespace)
        {
            CheckNamespaces(index);
        }

        if (!empty)
        {
            _open = index;
            _depth++;
        }
    }

    private void EndTag()
    {
        var start = _at;
        if (_open < 0)
        {
            throw Error(start, "an end tag has no start tag");
        }

        ref var element = ref _elements[_open];
        var name = _s[(element.Start + 1)..element.NameEnd];
        _at += 2;
        if (!_s[_at..].StartsWith(name))
        {
            throw Error(start, $"the end tag does not match <{name}>");
        }

        _at += name.Length;
        SkipSpace();
        if (_at == _s.Length || _s[_at] != '>')
        {
            throw Error(start, $"the end tag does not match <{name}>");
        }

        element.ContentEnd = start;
        element.End = ++_at;
        element.Next = _count;
        _open = element.Parent;
        _depth--;
    }

    private void RefuseIllegalCharacters()
    {
        if (!_s.ContainsAnyExcept(Plain))
        {
            return;
        }

        var illegal = _s.IndexOfAny(Controls);
        if (illegal < 0)
        {
            illegal = _s.IndexOfAny('\ufffe', '\uffff');
        }

        for (var i = _s.IndexOfAnyInRange('\ud800', '\udfff'); illegal < 0 && i >= 0 && i < _s.Length;)
        {
            if (!(char.IsHighSurrogate(_s[i]) && i + 1 < _s.Length && char.IsLowSurrogate(_s[i + 1])))
            {
                illegal = i;
                break;
            }

            i += 2;
            var more = _s[i..].IndexOfAnyInRange('\ud800', '\udfff');
            i = more < 0 ? _s.Length : i + more;
        }

        if (illegal >= 0)
        {
            throw Error(illegal, $"the character 0x{(int)_s[illegal]:x4} is not allowed in XML");
        }
    }

    private readonly ReadOnlySpan<char> NameOf(int element) => _s[(_elements[element].Start + 1).._elements[element].NameEnd];

    private void SkipSpace()
    {
        var s = _s;
        var at = _at;
        while ((uint)at < (uint)s.Length && IsSpace(s[at]))
        {
            at++;
        }

        _at = at;
    }

    private static bool IsSpace(char c) => c is ' ' or '\n' or '\t' or '\r';

    private readonly LibvirtXmlException Error(int offset, string rule)
    {
        var (line, column) = XmlTree.Position(_text, offset);
        return new LibvirtXmlException(null, rule, line, column);
    }
}
