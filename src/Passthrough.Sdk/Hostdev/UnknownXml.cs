using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Hostdev.Xml;

namespace Passthrough.Sdk.Hostdev;

/// <summary>
/// The attributes and child elements of an element that the models do not know: they are newer than this library, or in another
/// namespace. They are kept and written back at their place among their siblings.
/// </summary>
/// <remarks>Instances are created only by reading XML. Thread safety: immutable.</remarks>
public sealed class UnknownXml : IEquatable<UnknownXml>
{
    private readonly (string? After, string Xml)[] _elements;

    private UnknownXml(KeyValuePair<string, string>[] attributes, (string? After, string Xml)[] elements)
    {
        Attributes = new(attributes);
        _elements = elements;
        Elements = new(Array.ConvertAll(elements, e => e.Xml));
    }

    /// <summary>Gets the attributes: names, with their prefixes, and values.</summary>
    public ValueList<KeyValuePair<string, string>> Attributes { get; }

    /// <summary>Gets the child elements as text.</summary>
    public ValueList<string> Elements { get; }

    /// <summary>The child elements, each with the name of the known sibling before it; null at the beginning.</summary>
    internal ReadOnlySpan<(string? After, string Xml)> Anchored => _elements;

    /// <summary>Returns whether both hold the same attributes and elements, character by character.</summary>
    /// <param name="other">The other one.</param>
    public bool Equals(UnknownXml? other) =>
        other is not null && Attributes.Equals(other.Attributes) && Elements.Equals(other.Elements);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as UnknownXml);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Attributes, Elements);

    /// <summary>Returns the attributes and elements as text.</summary>
    public override string ToString() =>
        string.Concat(Attributes.Select(a => $"{a.Key}='{a.Value}' ")) + string.Concat(Elements);

    /// <summary>Returns the parts of an element other than the known names; null, as in most cases, if there are none.</summary>
    /// <param name="element">The element.</param>
    /// <param name="attributes">The known attributes.</param>
    /// <param name="children">The known children.</param>
    /// <param name="isKnown">Asked about each child when the name alone does not tell.</param>
    internal static UnknownXml? Of(XmlElementView element, ReadOnlySpan<string> attributes, ReadOnlySpan<string> children, Predicate<XmlElementView>? isKnown = null)
    {
        for (var i = element.FirstAttribute; i < element.EndOfAttributes; i++)
        {
            if (Find(attributes, element.NameOf(in element.Tree.AttributeAt(i))) is null)
            {
                return Collect(element, attributes, children, isKnown);
            }
        }

        foreach (var child in element.Children)
        {
            if (Find(children, child.Name) is null || isKnown?.Invoke(child) is false)
            {
                return Collect(element, attributes, children, isKnown);
            }
        }

        return null;
    }

    private static UnknownXml Collect(XmlElementView element, ReadOnlySpan<string> attributes, ReadOnlySpan<string> children, Predicate<XmlElementView>? isKnown)
    {
        List<KeyValuePair<string, string>>? foundAttributes = null;
        for (var i = element.FirstAttribute; i < element.EndOfAttributes; i++)
        {
            ref readonly var attribute = ref element.Tree.AttributeAt(i);
            var name = element.NameOf(in attribute);
            if (Find(attributes, name) is null)
            {
                (foundAttributes ??= []).Add(new(name.ToString(), element.ValueOf(in attribute)));
            }
        }

        List<(string? After, string Xml)>? foundElements = null;
        string? after = null;
        foreach (var child in element.Children)
        {
            var known = isKnown?.Invoke(child) is false ? null : Find(children, child.Name);
            if (known is null)
            {
                (foundElements ??= []).Add((after, child.Standalone()));
            }

            after = known ?? after;
        }

        return new(foundAttributes?.ToArray() ?? [], foundElements?.ToArray() ?? []);
    }

    private static string? Find(ReadOnlySpan<string> names, ReadOnlySpan<char> name)
    {
        foreach (var known in names)
        {
            if (known.Length == name.Length && known[0] == name[0] && name.SequenceEqual(known))
            {
                return known;
            }
        }

        return null;
    }
}
