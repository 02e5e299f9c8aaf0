using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Hostdev.Xml;

namespace Passthrough.Sdk.Hostdev.NodeDevices;

/// <summary>One field of vital product data: <c>&lt;vendor_field index='0'&gt;x&lt;/vendor_field&gt;</c>.</summary>
/// <param name="Keyword">libvirt's name for it: <c>part_number</c>, <c>serial_number</c>, <c>vendor_field</c>, ...</param>
/// <param name="Index">The index of a vendor's or system's field; null for the others.</param>
/// <param name="Value">The value.</param>
/// <remarks>Thread safety: immutable.</remarks>
public sealed record NodeVpdField(string Keyword, char? Index, string Value)
{
    internal UnknownXml? Unknown { get; init; }

    internal static ValueList<NodeVpdField> ReadAll(XmlElementView element)
    {
        var fields = new List<NodeVpdField>();
        foreach (var child in element.Children)
        {
            var index = child.Attribute("index");
            fields.Add(new(child.Name.ToString(), index is { Length: 1 } ? index[0] : null, child.Value)
            {
                Unknown = UnknownXml.Of(child, index is { Length: 1 } ? ["index"] : [], []),
            });
        }

        return [.. fields];
    }

    internal static void WriteAll(ref XmlOut xml, string access, ValueList<NodeVpdField>? fields)
    {
        if (fields is null)
        {
            return;
        }

        xml.Start("fields");
        xml.Attribute("access", access);
        foreach (var field in fields)
        {
            xml.Start(field.Keyword, field.Unknown);
            xml.Attribute("index", field.Index?.ToString());
            xml.Text(field.Value);
            xml.End();
        }

        xml.End();
    }
}
