namespace Passthrough.Sdk.Hostdev.Xml;

internal ref partial struct XmlScanner
{
    private const string XmlNamespace = "http://www.w3.org/XML/1998/namespace";
    private const string XmlnsNamespace = "http://www.w3.org/2000/xmlns/";

    /// <summary>Every prefix is declared, no declaration is a forbidden one, and no attribute is there twice under two prefixes.</summary>
    private readonly void CheckNamespaces(int index)
    {
        ref readonly var element = ref _elements[index];
        var prefixed = 0;
        for (var i = element.FirstAttribute; i < _attributeCount; i++)
        {
            ref readonly var attribute = ref _attributes[i];
            var name = _s[attribute.NameStart..attribute.NameEnd];
            if (name.StartsWith("xmlns"))
            {
                CheckDeclaration(in attribute, name);
            }

            prefixed += name.Contains(':') ? 1 : 0;
        }

        RequirePrefix(index, NameOf(index), element.Start);
        if (prefixed == 0)
        {
            return;
        }

        for (var i = element.FirstAttribute; i < _attributeCount; i++)
        {
            ref readonly var attribute = ref _attributes[i];
            var name = _s[attribute.NameStart..attribute.NameEnd];
            RequirePrefix(index, name, attribute.NameStart);
            for (var j = element.FirstAttribute; prefixed > 1 && j < i; j++)
            {
                ref readonly var other = ref _attributes[j];
                if (IsSame(index, name, _s[other.NameStart..other.NameEnd]))
                {
                    throw Error(attribute.NameStart, $"the attribute '{name}' occurs twice, under two prefixes of one namespace");
                }
            }
        }
    }

    private readonly void CheckDeclaration(in XmlTree.Attribute attribute, ReadOnlySpan<char> name)
    {
        var prefix = name.Length > 6 && name[5] == ':' ? name[6..] : default;
        if (prefix.IsEmpty && name.Length != 5)
        {
            return;
        }

        var value = XmlText.DecodeAttribute(_s[attribute.ValueStart..attribute.ValueEnd]);
        var allowed = prefix switch
        {
            "xml" => value == XmlNamespace,
            "xmlns" => false,
            _ => value != XmlNamespace && value != XmlnsNamespace && (value.Length > 0 || prefix.IsEmpty),
        };
        if (!allowed)
        {
            throw Error(attribute.NameStart, $"'{name}' must not be declared like this");
        }
    }

    private readonly void RequirePrefix(int element, ReadOnlySpan<char> name, int offset)
    {
        var colon = name.IndexOf(':');
        if (colon >= 0 && !(name.StartsWith("xmlns:") && offset != _elements[element].Start) && Resolve(element, name[..colon]) is null)
        {
            throw Error(offset, $"the prefix '{name[..colon]}' is not declared");
        }
    }

    private readonly bool IsSame(int element, ReadOnlySpan<char> a, ReadOnlySpan<char> b)
    {
        int ca = a.IndexOf(':'), cb = b.IndexOf(':');
        return ca >= 0 && cb >= 0 && a[(ca + 1)..].SequenceEqual(b[(cb + 1)..])
            && Resolve(element, a[..ca]) == Resolve(element, b[..cb]);
    }

    /// <summary>The namespace a prefix stands for at an element; null if it is not declared.</summary>
    private readonly string? Resolve(int element, ReadOnlySpan<char> prefix)
    {
        if (prefix is "xml" or "xmlns")
        {
            return prefix is "xml" ? XmlNamespace : XmlnsNamespace;
        }

        for (; element >= 0; element = _elements[element].Parent)
        {
            var end = element + 1 < _count ? _elements[element + 1].FirstAttribute : _attributeCount;
            for (var i = _elements[element].FirstAttribute; i < end; i++)
            {
                ref readonly var attribute = ref _attributes[i];
                var name = _s[attribute.NameStart..attribute.NameEnd];
                if (name.StartsWith("xmlns:") && name[6..].SequenceEqual(prefix))
                {
                    return XmlText.DecodeAttribute(_s[attribute.ValueStart..attribute.ValueEnd]);
                }
            }
        }

        return null;
    }
}
