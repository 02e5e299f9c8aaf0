using System.Text;

namespace Passthrough.Sdk.Hostdev.Xml;

/// <summary>Cutting an element out of its document without cutting off its namespaces.</summary>
internal static class XmlNamespaces
{
    public static string Standalone(XmlElementView element)
    {
        var xml = element.Outer.ToString();
        if (!xml.Contains(':', StringComparison.Ordinal) && element.Parent?.Parent is null)
        {
            return xml;
        }

        StringBuilder? declarations = null;
        for (var ancestor = element.Parent; ancestor is { } a; ancestor = a.Parent)
        {
            for (var i = a.FirstAttribute; i < a.EndOfAttributes; i++)
            {
                ref readonly var attribute = ref a.Tree.AttributeAt(i);
                var name = a.NameOf(in attribute);
                if (IsDeclaration(name) && IsUsed(element, name) && !IsDeclared(element, name)
                    && declarations?.ToString().Contains($" {name}=", StringComparison.Ordinal) is not true)
                {
                    var quoted = a.Tree.Text.AsSpan(attribute.ValueStart - 1, attribute.ValueEnd - attribute.ValueStart + 2);
                    (declarations ??= new()).Append(' ').Append(name).Append('=').Append(quoted);
                }
            }
        }

        return declarations is null ? xml : xml.Insert(element.Entry.NameEnd - element.Start, declarations.ToString());
    }

    private static bool IsDeclaration(ReadOnlySpan<char> name) => name is "xmlns" || name.StartsWith("xmlns:");

    private static bool IsDeclared(XmlElementView element, ReadOnlySpan<char> name) => element.Attribute(name) is not null;

    private static bool IsUsed(XmlElementView element, ReadOnlySpan<char> declaration)
    {
        var prefix = declaration is "xmlns" ? default : declaration[6..];
        for (var i = element.Index; i < element.Entry.Next; i++)
        {
            var inside = new XmlElementView(element.Tree, i);
            if (HasPrefix(inside.Name, prefix))
            {
                return true;
            }

            for (var j = inside.FirstAttribute; j < inside.EndOfAttributes; j++)
            {
                ref readonly var attribute = ref inside.Tree.AttributeAt(j);
                if (!prefix.IsEmpty && HasPrefix(inside.NameOf(in attribute), prefix))
                {
                    return true;
                }
            }
        }

        return false;
    }

    private static bool HasPrefix(ReadOnlySpan<char> name, ReadOnlySpan<char> prefix)
    {
        var colon = name.IndexOf(':');
        return colon < 0 ? prefix.IsEmpty : name[..colon].SequenceEqual(prefix);
    }
}
