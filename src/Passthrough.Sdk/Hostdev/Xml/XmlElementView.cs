using System.Runtime.InteropServices;

namespace Passthrough.Sdk.Hostdev.Xml;

/// <summary>One element of a tree: two words, nothing copied.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly struct XmlElementView(XmlTree tree, int index)
{
    public XmlTree Tree { get; } = tree;

    public int Index { get; } = index;

    public ReadOnlySpan<char> Name => Slice(Entry.Start + 1, Entry.NameEnd);

    /// <summary>The element with its tags, as written in the text.</summary>
    public ReadOnlySpan<char> Outer => Slice(Entry.Start, Entry.End);

    /// <summary>The text directly inside, decoded.</summary>
    public string Value => XmlText.DecodeContent(Slice(Entry.ContentStart, Entry.ContentEnd));

    public int Start => Entry.Start;

    public int End => Entry.End;

    public ref readonly XmlTree.Element Entry => ref Tree[Index];

    public XmlElementView? Parent => Entry.Parent < 0 ? null : new(Tree, Entry.Parent);

    /// <summary>Of the first attribute, for <see cref="XmlTree.AttributeAt"/>.</summary>
    public int FirstAttribute => Entry.FirstAttribute;

    public int EndOfAttributes => Tree.EndOfAttributes(Index);

    public XmlChildren Children => new(Tree, Index);

    public XmlElementView? Child(ReadOnlySpan<char> name)
    {
        var child = Find(name, Index + 1);
        return child < 0 ? null : new(Tree, child);
    }

    /// <summary>The index of the first child of that name, from a child on; -1 when there is none.</summary>
    public int Find(ReadOnlySpan<char> name, int from)
    {
        var tree = Tree;
        var text = tree.Text.AsSpan();
        var end = Entry.Next;
        for (var i = from; i < end;)
        {
            ref readonly var child = ref tree[i];
            if (child.NameEnd - child.Start - 1 == name.Length && text[child.Start + 1] == name[0] && text.Slice(child.Start + 1, name.Length).SequenceEqual(name))
            {
                return i;
            }

            i = child.Next;
        }

        return -1;
    }

    /// <summary>The value of an attribute, decoded; null if it does not exist.</summary>
    public string? Attribute(ReadOnlySpan<char> name)
    {
        return TryAttribute(name, out var value) ? value.ToString() : null;
    }

    /// <summary>The value of an attribute without a copy where nothing needs decoding.</summary>
    public bool TryAttribute(ReadOnlySpan<char> name, out ReadOnlySpan<char> value)
    {
        var tree = Tree;
        var text = tree.Text.AsSpan();
        var end = tree.EndOfAttributes(Index);
        for (var i = tree[Index].FirstAttribute; i < end; i++)
        {
            // The length and the first letter tell nearly all apart.
            ref readonly var attribute = ref tree.AttributeAt(i);
            if (attribute.NameEnd - attribute.NameStart == name.Length && text[attribute.NameStart] == name[0]
                && text.Slice(attribute.NameStart, name.Length).SequenceEqual(name))
            {
                value = text[attribute.ValueStart..attribute.ValueEnd];
                if (!attribute.IsPlain)
                {
                    value = XmlText.DecodeAttribute(value);
                }

                return true;
            }
        }

        value = default;
        return false;
    }

    /// <summary>Whether an attribute is there and has that value.</summary>
    public bool Is(ReadOnlySpan<char> name, ReadOnlySpan<char> value) => TryAttribute(name, out var found) && found.SequenceEqual(value);

    public bool Has(ReadOnlySpan<char> name) => TryAttribute(name, out _);

    public ReadOnlySpan<char> NameOf(in XmlTree.Attribute attribute) => Slice(attribute.NameStart, attribute.NameEnd);

    public string ValueOf(in XmlTree.Attribute attribute) => XmlText.DecodeAttribute(Slice(attribute.ValueStart, attribute.ValueEnd));

    public LibvirtXmlException Error(string rule, int? offset = null)
    {
        var (line, column) = XmlTree.Position(Tree.Text, offset ?? Start);
        return new LibvirtXmlException(Path, rule, line, column);
    }

    /// <summary>The names from the root to here, for messages.</summary>
    public string Path => Parent is { } parent ? $"{parent.Path}/{Name}" : Name.ToString();

    /// <summary>The element as a text of its own: prefixes that it uses and an ancestor declares are declared on it.</summary>
    public string Standalone() => XmlNamespaces.Standalone(this);

    private ReadOnlySpan<char> Slice(int start, int end) => Tree.Text.AsSpan(start, end - start);
}
