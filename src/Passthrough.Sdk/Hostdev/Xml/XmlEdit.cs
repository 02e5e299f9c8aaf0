using System.Security;

namespace Passthrough.Sdk.Hostdev.Xml;

/// <summary>Edits of a text that change the bytes of one element and nothing else.</summary>
internal static class XmlEdit
{
    /// <summary>
    /// Adds an element to a child of the root: behind the last of the same name, or before the first of those that
    /// follow it in libvirt's order, or at the end. It takes over the indentation and line ends that exist.
    /// </summary>
    /// <remarks>Where there are several children of that name, libvirt reads them as one, and so does this.</remarks>
    public static string Insert(XmlTree tree, string parent, string name, ReadOnlySpan<string> later, Func<string, string> write)
    {
        XmlElementView? container = null, behind = null, before = null;
        foreach (var part in tree.Root.Children)
        {
            if (!part.Name.SequenceEqual(parent))
            {
                continue;
            }

            container = part;
            foreach (var child in part.Children)
            {
                if (child.Name.SequenceEqual(name))
                {
                    behind = child;
                }
                else if (before is null && later.Contains(child.Name.ToString()))
                {
                    before = child;
                }
            }
        }

        if (behind is { } sibling)
        {
            var lead = Lead(sibling);
            return tree.Text.Insert(sibling.End, lead + write(lead));
        }

        if (before is { } follower)
        {
            var lead = Lead(follower);
            return tree.Text.Insert(follower.Start - lead.Length, lead + write(lead));
        }

        return container is { } last
            ? Append(last, write)
            : Append(tree.Root, lead => $"<{parent}>{lead}  {write(lead + "  ")}{lead}</{parent}>");
    }

    public static string Replace(XmlElementView element, Func<string, string> write) =>
        string.Concat(element.Tree.Text.AsSpan(0, element.Start), write(Lead(element)), element.Tree.Text.AsSpan(element.End));

    public static string Remove(XmlElementView element)
    {
        var lead = Lead(element).Length;
        return element.Tree.Text.Remove(element.Start - lead, element.End - element.Start + lead);
    }

    /// <summary>Adds an element behind all other content of another one.</summary>
    public static string Append(XmlElementView container, Func<string, string> write)
    {
        var text = container.Tree.Text;
        var entry = container.Entry;
        var end = Lead(container) is { Length: > 0 } line ? line : container.Parent is null ? LineEnd(text) : string.Empty;
        if (LastChild(container) is { } last)
        {
            // What stands between the last child and the end tag, a comment or the end tag's indentation, stays there.
            var between = text.AsSpan(last.End, entry.ContentEnd - last.End).TrimEnd();
            return text.Insert(last.End + between.Length, Lead(last) + write(Lead(last)));
        }

        var lead = end.Length > 0 ? end + "  " : string.Empty;
        if (entry.ContentEnd == entry.End)
        {
            var open = text.AsSpan(entry.Start, entry.End - entry.Start - 2).TrimEnd();
            return string.Concat(text.AsSpan(0, entry.Start), $"{open}>{lead}{write(lead)}{end}</{container.Name}>", text.AsSpan(entry.End));
        }

        var content = text.AsSpan(entry.ContentStart, entry.ContentEnd - entry.ContentStart).TrimEnd();
        var at = entry.ContentStart + content.Length;
        return text.Insert(at, lead + write(lead) + (at == entry.ContentEnd ? end : string.Empty));
    }

    private static XmlElementView? LastChild(XmlElementView container)
    {
        XmlElementView? last = null;
        foreach (var child in container.Children)
        {
            last = child;
        }

        return last;
    }

    /// <summary>The line end and indentation before an element; empty when something else stands before it on its line.</summary>
    private static string Lead(XmlElementView element)
    {
        var text = element.Tree.Text;
        var at = element.Start;
        while (at > 0 && text[at - 1] is ' ' or '\t')
        {
            at--;
        }

        if (at == 0 || text[at - 1] is not ('\n' or '\r'))
        {
            return string.Empty;
        }

        at -= at > 1 && text[at - 2] == '\r' && text[at - 1] == '\n' ? 2 : 1;
        return text[at..element.Start];
    }

    private static string LineEnd(string text) => text.Contains("\r\n", StringComparison.Ordinal) ? "\r\n" : "\n";

    /// <summary>Sets an attribute of the element at a path below the root; what is missing of the path is added.</summary>
    public static string Set(XmlTree tree, ReadOnlySpan<string> path, string? attribute, string? value)
    {
        var element = tree.Root;
        for (var i = 0; i < path.Length; i++)
        {
            if (element.Child(path[i]) is not { } child)
            {
                var missing = path[i..].ToArray();
                return Append(element, newLine => Nested(missing, attribute, value, newLine));
            }

            element = child;
        }

        for (var i = element.FirstAttribute; i < element.EndOfAttributes; i++)
        {
            ref readonly var existing = ref tree.AttributeAt(i);
            if (element.NameOf(in existing).SequenceEqual(attribute))
            {
                return element.ValueOf(in existing) == value
                    ? tree.Text
                    : string.Concat(tree.Text.AsSpan(0, existing.ValueStart), Escape(value), tree.Text.AsSpan(existing.ValueEnd));
            }
        }

        return attribute is null ? tree.Text : tree.Text.Insert(element.Entry.NameEnd, $" {attribute}='{Escape(value)}'");
    }

    /// <summary>Sets the text of the element at a path below the root, which is there.</summary>
    public static string SetText(XmlTree tree, ReadOnlySpan<string> path, string value)
    {
        var element = tree.Root;
        foreach (var name in path)
        {
            element = element.Child(name)!.Value;
        }

        ref readonly var entry = ref element.Entry;
        return entry.ContentEnd == entry.End
            ? string.Concat(tree.Text.AsSpan(0, entry.End - 2).TrimEnd(), $">{Escape(value)}</{element.Name}>", tree.Text.AsSpan(entry.End))
            : string.Concat(tree.Text.AsSpan(0, entry.ContentStart), Escape(value), tree.Text.AsSpan(entry.ContentEnd));
    }

    private static string Nested(string[] path, string? attribute, string? value, string newLine) =>
        XmlOut.Write(newLine, (path, attribute, value), static (nested, ref xml) =>
        {
            foreach (var name in nested.path)
            {
                xml.Start(name);
            }

            if (nested.attribute is not null)
            {
                xml.Attribute(nested.attribute, nested.value);
            }

            foreach (var _ in nested.path)
            {
                xml.End();
            }
        });

    private static string? Escape(string? value) => SecurityElement.Escape(value);
}
