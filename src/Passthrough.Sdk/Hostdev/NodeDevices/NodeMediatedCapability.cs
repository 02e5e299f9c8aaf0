using System.Diagnostics.CodeAnalysis;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Hostdev.Xml;

namespace Passthrough.Sdk.Hostdev.NodeDevices;

/// <summary>A mediated device of the host: <c>&lt;capability type='mdev'&gt;</c> (libvirt 3.4.0).</summary>
/// <remarks>Thread safety: immutable.</remarks>
public sealed record NodeMediatedCapability : NodeCapability
{
    private static readonly string[] KnownChildren = ["type", "uuid", "parent_addr", "iommuGroup", "attr"];

    /// <summary>Creates a mediated device; set <see cref="TypeId"/>.</summary>
    public NodeMediatedCapability()
    {
    }

    [SetsRequiredMembers]
    internal NodeMediatedCapability(XmlElementView element)
    {
        var type = element.Required("type");
        TypeId = type.RequiredAttribute("id");
        UnknownInType = UnknownXml.Of(type, ["id"], []);
        if (element.Single("uuid") is { } uuid)
        {
            Uuid = Guid.TryParse(uuid.Value, out var value) ? value : throw uuid.Error($"is '{uuid.Value}' and must be a UUID");
        }

        ParentAddress = element.Text("parent_addr");
        Group = element.Single("iommuGroup") is { } group ? new(group) : null;
        var attributes = new List<KeyValuePair<string, string>>();
        foreach (var child in element.Children)
        {
            if (child.Name is "attr")
            {
                attributes.Add(new(child.RequiredAttribute("name"), child.Attribute("value") ?? string.Empty));
            }
        }

        Attributes = [.. attributes];
        Unknown = UnknownXml.Of(element, ["type"], KnownChildren);
    }

    /// <summary>Gets the type of the parent from which it is created (<c>mdev_supported_types</c>).</summary>
    public required string TypeId { get; init; }

    /// <summary>Gets its UUID; null lets libvirt choose one (libvirt 7.3.0).</summary>
    public Guid? Uuid { get; init; }

    /// <summary>Gets the parent's name on its bus; null if libvirt does not report it. libvirt 8.0.0.</summary>
    public string? ParentAddress { get; init; }

    /// <summary>Gets its IOMMU group; null if there is none yet.</summary>
    public NodeIommuGroup? Group { get; init; }

    /// <summary>Gets the values written to its files in sysfs after its creation, in order.</summary>
    public ValueList<KeyValuePair<string, string>> Attributes { get; init; } = [];

    /// <inheritdoc/>
    public override string Type => "mdev";

    internal UnknownXml? UnknownInType { get; init; }

    private protected override void WriteParts(ref XmlOut xml)
    {
        xml.Start("type", UnknownInType);
        xml.Attribute("id", TypeId);
        xml.End();
        xml.Element("uuid", Uuid?.ToString("D"));
        xml.Element("parent_addr", ParentAddress);
        Group?.Write(ref xml);
        foreach (var (name, value) in Attributes)
        {
            xml.Start("attr");
            xml.Attribute("name", name);
            xml.Attribute("value", value);
            xml.End();
        }
    }
}
