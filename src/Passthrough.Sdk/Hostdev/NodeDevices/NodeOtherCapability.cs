using Passthrough.Sdk.Hostdev.Xml;

namespace Passthrough.Sdk.Hostdev.NodeDevices;

/// <summary>A capability that is neither PCI nor a mediated device; its content is <see cref="NodeCapability.Unknown"/>.</summary>
/// <remarks>Instances are created only by reading XML. Thread safety: immutable.</remarks>
public sealed record NodeOtherCapability : NodeCapability
{
    internal NodeOtherCapability(XmlElementView element, string type)
    {
        Type = type;
        if (type is "ccw" or "css")
        {
            CheckChannelAddress(element);
            if (element.Single("channel_dev_addr") is { } channel)
            {
                CheckChannelAddress(channel);
            }
        }

        Unknown = UnknownXml.Of(element, ["type"], []);
        Text = Unknown is null or { Elements.Count: 0 } ? element.Value.Trim() : string.Empty;
    }

    /// <inheritdoc/>
    public override string Type { get; }

    internal string Text { get; }

    /// <summary>Returns the text of a child element, or of a child's child; null if it does not exist.</summary>
    internal string? TextOf(string child, string? grandchild = null) => Find(child) is not { } element ? null
        : grandchild is null ? element.Value
        : element.Child(grandchild)?.Value;

    /// <summary>An attribute of a child element; null if it does not exist.</summary>
    internal string? AttributeOf(string child, string attribute) => Find(child)?.Attribute(attribute);

    private XmlElementView? Find(string name)
    {
        foreach (var xml in Unknown?.Elements ?? [])
        {
            var element = XmlTree.Parse(xml).Root;
            if (element.Name.SequenceEqual(name))
            {
                return element;
            }
        }

        return null;
    }

    private protected override void WriteParts(ref XmlOut xml) => xml.Text(Text);

    private static void CheckChannelAddress(XmlElementView element)
    {
        element.NumberText("cssid", 0xfe);
        element.NumberText("ssid", 3);
        element.NumberText("devno", 0xffff);
    }
}
