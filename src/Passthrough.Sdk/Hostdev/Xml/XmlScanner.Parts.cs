using System.Xml;

namespace Passthrough.Sdk.Hostdev.Xml;

internal ref partial struct XmlScanner
{
    /// <summary>Reads the attributes up to the end of the tag.</summary>
    /// <returns>Whether the tag is its own end.</returns>
    private bool AttributesOf(ref XmlTree.Element element)
    {
        while (true)
        {
            var before = _at;
            SkipSpace();
            if (_at == _s.Length)
            {
                throw Error(element.Start, "the tag is not closed");
            }

            if (_s[_at] == '>')
            {
                _at++;
                return false;
            }

            if (_s[_at] == '/')
            {
                if (_at + 1 == _s.Length || _s[_at + 1] != '>')
                {
                    throw Error(_at, "'/' stands in a tag; write '/>' to close it");
                }

                _at += 2;
                return true;
            }

            if (before == _at)
            {
                throw Error(_at, "a space is missing between attributes");
            }

            OneAttribute(ref element);
        }
    }

    private void OneAttribute(ref XmlTree.Element element)
    {
        if (element.AttributeCount == XmlLimits.AttributesOfAnElement || _attributeCount == XmlLimits.Attributes)
        {
            throw Error(_at, $"there are more than {XmlLimits.AttributesOfAnElement} attributes of an element or {XmlLimits.Attributes} in all");
        }

        if (_attributeCount == _attributes.Length)
        {
            Array.Resize(ref _attributes, Math.Max(4, _attributeCount * 2));
        }

        ref var attribute = ref _attributes[_attributeCount];
        attribute.NameStart = _at;
        Name();
        attribute.NameEnd = _at;
        if (_at == _s.Length || _s[_at] != '=')
        {
            SkipSpace();
            if (_at == _s.Length || _s[_at] != '=')
            {
                throw Error(_at, "an attribute has no value");
            }
        }

        _at++;
        if (_at < _s.Length && IsSpace(_s[_at]))
        {
            SkipSpace();
        }

        if (_at == _s.Length || _s[_at] is not ('"' or '\''))
        {
            throw Error(_at, "the value of an attribute is not in quotes");
        }

        var quote = _s[_at++];
        attribute.ValueStart = _at;
        AttributeValue(quote);
        attribute.ValueEnd = _at++;
        RefuseTwice(in attribute, _attributes.AsSpan(element.FirstAttribute, element.AttributeCount));

        _attributeCount++;
        element.AttributeCount++;
    }

    private readonly void RefuseTwice(in XmlTree.Attribute attribute, ReadOnlySpan<XmlTree.Attribute> before)
    {
        var s = _s;
        var name = s[attribute.NameStart..attribute.NameEnd];
        foreach (ref readonly var other in before)
        {
            // The length and the first letter tell nearly all apart.
            if (other.NameEnd - other.NameStart == name.Length && s[other.NameStart] == name[0] && s.Slice(other.NameStart, name.Length).SequenceEqual(name))
            {
                throw Error(attribute.NameStart, $"the attribute '{name}' is there twice");
            }
        }
    }

    private void AttributeValue(char quote)
    {
        // Most values are short: a loop is done before a vector search has begun.
        var s = _s;
        var at = _at;
        var near = Math.Min(s.Length, at + 16);
        while (at < near && s[at] != quote && s[at] is not ('<' or '&'))
        {
            at++;
        }

        _at = at;
        while (true)
        {
            var stop = _s[_at..].IndexOfAny(quote, '<', '&');
            if (stop < 0)
            {
                throw Error(_at, "the value of an attribute is not closed");
            }

            _at += stop;
            if (_s[_at] == quote)
            {
                return;
            }

            if (_s[_at] == '<')
            {
                throw Error(_at, "'<' stands in the value of an attribute; write '&lt;'");
            }

            Reference();
        }
    }

    /// <summary>Steps over an entity or character reference.</summary>
    private void Reference()
    {
        var length = XmlText.Reference(_s[_at..], out _);
        if (length == 0)
        {
            throw Error(_at, "'&' begins no reference that XML knows without a DTD; write '&amp;'");
        }

        _at += length;
    }

    /// <summary>Steps over a qualified name.</summary>
    private void Name()
    {
        var start = _at;
        var s = _s;
        var at = start;
        while ((uint)at < (uint)s.Length && char.IsAsciiLetterOrDigit(s[at]))
        {
            at++;
        }

        _at = at;

        // Nearly every name ends here: letters, not a number, no prefix.
        if (at > start && char.IsAsciiLetter(s[start]) && (uint)at < (uint)s.Length && s[at] is ' ' or '=' or '>' or '/')
        {
            _sawNamespace |= at - start == 5 && s[start] == 'x' && s[start..at] is "xmlns";
            return;
        }

        while (_at < _s.Length && (_s[_at] == ':' || XmlConvert.IsNCNameChar(_s[_at])))
        {
            _at++;
        }

        var name = _s[start.._at];
        var colon = name.IndexOf(':');
        var local = name[(colon + 1)..];
        if (local.IsEmpty || !XmlConvert.IsStartNCNameChar(local[0]) || local.Contains(':')
            || (colon >= 0 && (colon == 0 || !XmlConvert.IsStartNCNameChar(name[0]))))
        {
            throw Error(start, "a name is expected here");
        }

        _sawNamespace |= colon >= 0 || name is "xmlns";
    }

    private void Comment()
    {
        var start = _at;
        var inside = _at + 4;
        var dashes = _s[inside..].IndexOf("--");
        if (dashes < 0 || inside + dashes + 2 >= _s.Length || _s[inside + dashes + 2] != '>')
        {
            throw Error(start, dashes < 0 ? "the comment is not closed" : "'--' stands in a comment");
        }

        _at = inside + dashes + 3;
    }

    private void Instruction()
    {
        var start = _at;
        _at += 2;
        Name();
        var target = _s[(start + 2).._at];
        if (target.Contains(':') || target.Equals("xml", StringComparison.OrdinalIgnoreCase))
        {
            throw Error(start, "a processing instruction may not be called like that; an XML declaration stands at the very start");
        }

        if (_at < _s.Length && !IsSpace(_s[_at]) && !_s[_at..].StartsWith("?>"))
        {
            throw Error(_at, "a space is missing behind the name of a processing instruction");
        }

        _at = Behind(string.Empty, "?>", "the processing instruction");
    }

    private readonly int Behind(string begin, string end, string what)
    {
        var from = _at + begin.Length;
        var found = _s[from..].IndexOf(end);
        return found < 0 ? throw Error(_at, $"{what} is not closed") : from + found + end.Length;
    }

    /// <summary>Steps over <c>&lt;?xml version='1.0' encoding='...' standalone='...'?&gt;</c>. The text is decoded already, so the encoding says nothing.</summary>
    private void Declaration()
    {
        var start = _at;
        _at += 5;
        var element = new XmlTree.Element { Start = start, FirstAttribute = _attributeCount };
        ReadOnlySpan<string> names = ["version", "encoding", "standalone"];
        var next = 0;
        while (true)
        {
            var before = _at;
            SkipSpace();
            if (_s[_at..].StartsWith("?>") && next > 0)
            {
                break;
            }

            if (before == _at || _at == _s.Length)
            {
                throw Error(start, "the XML declaration is not well-formed");
            }

            OneAttribute(ref element);
            ref readonly var read = ref _attributes[--_attributeCount];
            element.AttributeCount = 0;
            var found = names.IndexOf(_text[read.NameStart..read.NameEnd]);
            if (found < next || (next == 0 && found != 0) || !IsDeclared(found, _s[read.ValueStart..read.ValueEnd]))
            {
                throw Error(read.NameStart, "the XML declaration is not well-formed; write <?xml version='1.0' encoding='UTF-8'?>");
            }

            next = found + 1;
        }

        _at += 2;
    }

    private static bool IsDeclared(int attribute, ReadOnlySpan<char> value) => attribute switch
    {
        0 => value is "1.0",
        1 => value.Length > 0 && char.IsAsciiLetter(value[0]) && !value.ContainsAnyExcept(EncodingCharacters),
        _ => value is "yes" or "no",
    };
}
