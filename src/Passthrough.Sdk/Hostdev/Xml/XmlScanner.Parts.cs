using System.Xml;

namespace Passthrough.Sdk.Hostdev.Xml;

internal ref partial struct XmlScanner
{
    /// <summary>Reads the attributes of the newest element, and the end of its tag.</summary>
    private int AttributesOf(int at, int element)
    {
        var s = _s;
        while (true)
        {
            if ((uint)at < (uint)s.Length && s[at] == '>')
            {
                return at + 1;
            }

            var before = at;
            at = SkipSpace(at);
            if ((uint)at >= (uint)s.Length)
            {
                throw Error(_elements[element].Start, "the tag is not closed");
            }

            switch (s[at])
            {
                case '>':
                    return at + 1;
                case '/':
                    return at + 1 < s.Length && s[at + 1] == '>' ? at + 2 : throw Error(at, "the tag contains '/'; write '/>' to close it");
            }

            if (before == at)
            {
                throw Error(at, "a space is missing between attributes");
            }

            at = OneAttribute(at, _elements[element].FirstAttribute);
        }
    }

    private int OneAttribute(int at, int first)
    {
        var s = _s;
        var index = _attributeCount;
        if (index - first == XmlLimits.AttributesOfAnElement || index == XmlLimits.Attributes)
        {
            throw Error(at, $"there are more than {XmlLimits.AttributesOfAnElement} attributes of an element or {XmlLimits.Attributes} in all");
        }

        var start = at;
        var end = at = Name(at);
        if ((uint)at >= (uint)s.Length || s[at] != '=')
        {
            at = SkipSpace(at);
            if (at == s.Length || s[at] != '=')
            {
                throw Error(at, "an attribute has no value");
            }
        }

        at++;
        if ((uint)at < (uint)s.Length && IsSpace(s[at]))
        {
            at = SkipSpace(at);
        }

        if ((uint)at >= (uint)s.Length || s[at] is not ('"' or '\''))
        {
            throw Error(at, "the value of an attribute is not in quotes");
        }

        // There is room: an attribute has a '=', and those were counted.
        ref var attribute = ref _attributes[index];
        attribute.NameStart = start;
        attribute.NameEnd = end;
        attribute.ValueStart = at + 1;
        at = Value(at + 1, s[at], ref attribute);
        RefuseTwice(start, end - start, first);
        _attributeCount = index + 1;
        return at;
    }

    private readonly void RefuseTwice(int start, int length, int first)
    {
        var s = _s;
        for (var i = first; i < _attributeCount; i++)
        {
            // The length and the first letter tell nearly all apart.
            ref readonly var other = ref _attributes[i];
            if (other.NameEnd - other.NameStart == length && s[other.NameStart] == s[start]
                && s.Slice(other.NameStart, length).SequenceEqual(s.Slice(start, length)))
            {
                throw Error(start, $"the attribute '{s.Slice(start, length)}' occurs twice");
            }
        }
    }

    /// <summary>Steps over a value and its closing quote.</summary>
    private readonly int Value(int at, char quote, ref XmlTree.Attribute attribute)
    {
        var s = _s;
        var kinds = Kinds;
        var plain = true;
        unchecked
        {
            while ((uint)at < (uint)s.Length)
            {
                var c = s[at];
                if (c < 128 ? (kinds[c] & ValueStop) == 0 : c < '\ud800')
                {
                    at++;
                }
                else if (c == quote)
                {
                    attribute.SetValueEnd(at, plain);
                    return at + 1;
                }
                else if (c is '"' or '\'')
                {
                    at++;
                }
                else if (c is '&' or '\t' or '\n' or '\r')
                {
                    plain = false;
                    at = c == '&' ? Reference(at) : at + 1;
                }
                else
                {
                    at = c == '<' ? throw Error(at, "the value of an attribute contains '<'; write '&lt;'") : Unusual(at);
                }
            }
        }

        throw Error(attribute.ValueStart, "the value of an attribute is not closed");
    }

    /// <summary>Steps over an entity or character reference.</summary>
    private readonly int Reference(int at)
    {
        var length = XmlText.Reference(_s[at..], out _);
        return length > 0 ? at + length : throw Error(at, "'&' does not begin a reference that XML defines without a DTD; write '&amp;'");
    }

    /// <summary>Steps over a qualified name.</summary>
    private int Name(int start)
    {
        var s = _s;
        var kinds = Kinds;
        var at = start;
        unchecked
        {
            while ((uint)at < (uint)s.Length && s[at] < 128 && (kinds[s[at]] & NameChar) != 0)
            {
                at++;
            }
        }

        // Nearly every name ends here: it has no prefix, and no letter that is not ASCII.
        if ((uint)at < (uint)s.Length && at > start && s[at] != ':' && s[at] < 128 && (kinds[s[start]] & NameStart) != 0)
        {
            _sawNamespace |= at - start == 5 && s[start] == 'x' && s[start..at] is "xmlns";
            return at;
        }

        return RareName(start, at);
    }

    private int RareName(int start, int at)
    {
        while (at < _s.Length && (_s[at] == ':' || XmlConvert.IsNCNameChar(_s[at])))
        {
            at++;
        }

        var name = _s[start..at];
        var colon = name.IndexOf(':');
        var local = name[(colon + 1)..];
        if (local.IsEmpty || !XmlConvert.IsStartNCNameChar(local[0]) || local.Contains(':')
            || (colon >= 0 && (colon == 0 || !XmlConvert.IsStartNCNameChar(name[0]))))
        {
            throw Error(start, "a name is expected here");
        }

        _sawNamespace |= colon >= 0 || name is "xmlns";
        return at;
    }

    private readonly int Comment(int start)
    {
        var inside = start + 4;
        var dashes = _s[inside..].IndexOf("--");
        if (dashes < 0 || inside + dashes + 2 >= _s.Length || _s[inside + dashes + 2] != '>')
        {
            throw Error(start, dashes < 0 ? "the comment is not closed" : "the comment contains '--'");
        }

        Check(inside, inside + dashes);
        return inside + dashes + 3;
    }

    private int Instruction(int start)
    {
        var at = Name(start + 2);
        var target = _s[(start + 2)..at];
        if (target.Contains(':') || target.Equals("xml", StringComparison.OrdinalIgnoreCase))
        {
            throw Error(start, "a processing instruction must not have this name; an XML declaration must be at the very start");
        }

        if (at < _s.Length && !IsSpace(_s[at]) && !_s[at..].StartsWith("?>"))
        {
            throw Error(at, "a space is missing after the name of a processing instruction");
        }

        return Behind(start, at, "?>", "the processing instruction");
    }

    private readonly int Behind(int start, int inside, string end, string what)
    {
        var length = _s[inside..].IndexOf(end);
        if (length < 0)
        {
            throw Error(start, $"{what} is not closed");
        }

        Check(inside, inside + length);
        return inside + length + end.Length;
    }

    /// <summary>Steps over <c>&lt;?xml version='1.0' encoding='...' standalone='...'?&gt;</c>. The text is decoded already, so the encoding says nothing.</summary>
    private int Declaration(int start)
    {
        var at = start + 5;
        var next = 0;
        while (true)
        {
            var before = at;
            at = SkipSpace(at);
            if (_s[at..].StartsWith("?>") && next > 0)
            {
                return at + 2;
            }

            if (before == at || at == _s.Length)
            {
                throw Error(start, "the XML declaration is not well-formed");
            }

            // The attribute is read into the table and taken out of it again.
            at = OneAttribute(at, _attributeCount);
            ref readonly var read = ref _attributes[--_attributeCount];
            var found = _s[read.NameStart..read.NameEnd] switch { "version" => 0, "encoding" => 1, "standalone" => 2, _ => -1 };
            if (found < next || (next == 0 && found != 0) || !IsDeclared(found, _s[read.ValueStart..read.ValueEnd]))
            {
                throw Error(read.NameStart, "the XML declaration is not well-formed; write <?xml version='1.0' encoding='UTF-8'?>");
            }

            next = found + 1;
        }
    }

    private static bool IsDeclared(int attribute, ReadOnlySpan<char> value)
    {
        switch (attribute)
        {
            case 0:
                return value is "1.0";
            case 1:
                foreach (var c in value)
                {
                    if (!char.IsAscii(c) || (Kinds[c] & NameChar) == 0)
                    {
                        return false;
                    }
                }

                return value.Length > 0 && char.IsAsciiLetter(value[0]);
            default:
                return value is "yes" or "no";
        }
    }
}
