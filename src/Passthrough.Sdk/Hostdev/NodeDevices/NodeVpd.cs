using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Hostdev.Xml;

namespace Passthrough.Sdk.Hostdev.NodeDevices;

/// <summary>Vital product data of a PCI function: <c>&lt;capability type='vpd'&gt;</c> (libvirt 7.9.0).</summary>
/// <remarks>Thread safety: immutable.</remarks>
public sealed record NodeVpd
{
    private static readonly string[] KnownChildren = ["name", "fields"];

    /// <summary>Creates empty data.</summary>
    public NodeVpd()
    {
    }

    internal NodeVpd(XmlElementView element)
    {
        Name = element.Text("name");
        foreach (var child in element.Children)
        {
            switch (child.Name is "fields" ? child.RequiredAttribute("access") : null)
            {
                case "readonly" when ReadOnly is null:
                    ReadOnly = NodeVpdField.ReadAll(child);
                    break;
                case "readwrite" when ReadWrite is null:
                    ReadWrite = NodeVpdField.ReadAll(child);
                    break;
                case { } access:
                    throw child.Error($"'access' is '{access}' and must be 'readonly' or 'readwrite', each once");
            }
        }

        Unknown = UnknownXml.Of(element, ["type"], KnownChildren);
    }

    /// <summary>Gets the product's name; null if it is not specified.</summary>
    public string? Name { get; init; }

    /// <summary>Gets the fields that the manufacturer wrote; null if there is no such section.</summary>
    public ValueList<NodeVpdField>? ReadOnly { get; init; }

    /// <summary>Gets the fields that the owner can write; null if there is no such section.</summary>
    public ValueList<NodeVpdField>? ReadWrite { get; init; }

    internal UnknownXml? Unknown { get; init; }

    internal void Write(ref XmlOut xml)
    {
        xml.StartCapability("vpd", Unknown);
        xml.Element("name", Name);
        NodeVpdField.WriteAll(ref xml, "readonly", ReadOnly);
        NodeVpdField.WriteAll(ref xml, "readwrite", ReadWrite);
        xml.End();
    }
}
