using System.Globalization;
using System.Xml.Linq;

namespace Passthrough.Sdk.Tests.Hostdev;

/// <summary>
/// Compares an element with what was written for it, node by node, with .NET's own XML reader. What may differ is a
/// named exception with its reason; everything else is a difference.
/// </summary>
internal sealed class TreeComparer
{
    public const string Number = "the same number spelled as libvirt spells it";
    public const string Default = "a default that libvirt always writes";
    public const string Order = "children in libvirt's order";
    public const string Case = "digits in lower case, as libvirt writes them";
    public const string Comment = "a comment inside an element that is written anew: libvirt drops it too";
    public const string ManagedNo = "'managed' no is not written for interfaces and pools, as libvirt does";

    private static readonly HashSet<(string Element, string Attribute, string Value)> Defaults =
    [
        ("hostdev", "mode", "subsystem"),
        ("hostdev", "managed", "no"),
        ("devnode", "type", "dev"),
        ("address", "domain", "0x0000"),
        ("address", "bus", "0x00"),
        ("address", "slot", "0x00"),
        ("address", "function", "0x0"),
        ("address", "controller", "0"),
        ("address", "bus", "0"),
        ("address", "target", "0"),
        ("address", "unit", "0"),
    ];

    /// <summary>The exceptions met, with how often.</summary>
    public SortedDictionary<string, int> Exceptions { get; } = [];

    public List<string> Differences { get; } = [];

    public void Compare(XElement expected, XElement actual, string path = "")
    {
        path += "/" + expected.Name;
        if (expected.Name != actual.Name)
        {
            Differences.Add($"{path}: <{actual.Name}> was written");
            return;
        }

        Attributes(expected, actual, path);
        if (!expected.HasElements && !actual.HasElements && expected.Value.Trim() != actual.Value.Trim())
        {
            Value(path, expected.Value, actual.Value);
        }

        if (expected.Nodes().OfType<XComment>().Any() && !actual.Nodes().OfType<XComment>().Any())
        {
            Note(Comment);
        }

        Children(expected, actual, path);
    }

    private void Attributes(XElement expected, XElement actual, string path)
    {
        foreach (var attribute in expected.Attributes().Where(a => !a.IsNamespaceDeclaration))
        {
            if (actual.Attribute(attribute.Name) is { } written)
            {
                Value($"{path}/@{attribute.Name}", attribute.Value, written.Value);
            }
            else if (attribute.Name == "managed" && attribute.Value == "no" && expected.Name != "hostdev")
            {
                Note(ManagedNo);
            }
            else
            {
                Differences.Add($"{path}/@{attribute.Name}='{attribute.Value}' was lost");
            }
        }

        foreach (var attribute in actual.Attributes().Where(a => !a.IsNamespaceDeclaration && expected.Attribute(a.Name) is null))
        {
            if (Defaults.Contains((expected.Name.LocalName, attribute.Name.LocalName, attribute.Value)))
            {
                Note(Default);
            }
            else
            {
                Differences.Add($"{path}/@{attribute.Name}='{attribute.Value}' was added");
            }
        }
    }

    private void Children(XElement expected, XElement actual, string path)
    {
        var left = expected.Elements().ToList();
        var right = actual.Elements().ToList();
        if (left.Count != right.Count)
        {
            Differences.Add($"{path}: {left.Count} children, {right.Count} written");
            return;
        }

        if (!left.Select(e => e.Name).SequenceEqual(right.Select(e => e.Name)))
        {
            Note(Order);
            left = [.. left.OrderBy(e => e.Name.ToString(), StringComparer.Ordinal)];
            right = [.. right.OrderBy(e => e.Name.ToString(), StringComparer.Ordinal)];
        }

        for (var i = 0; i < left.Count; i++)
        {
            Compare(left[i], right[i], path);
        }
    }

    private void Value(string path, string expected, string actual)
    {
        if (expected == actual)
        {
            return;
        }

        if (TryNumber(expected, out var a) && TryNumber(actual, out var b) && a == b)
        {
            Note(Number);
        }
        else if (string.Equals(expected, actual, StringComparison.OrdinalIgnoreCase))
        {
            Note(Case);
        }
        else
        {
            Differences.Add($"{path}: '{expected}' became '{actual}'");
        }
    }

    private void Note(string exception) => Exceptions[exception] = Exceptions.GetValueOrDefault(exception) + 1;

    private static bool TryNumber(string text, out ulong value) => text.StartsWith("0x", StringComparison.OrdinalIgnoreCase)
        ? ulong.TryParse(text[2..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value)
        : ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value);
}
