using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Hostdev.Xml;

namespace Passthrough.Sdk.Hostdev.NodeDevices;

/// <summary>A type of mediated device that a parent can be divided into: <c>&lt;type id='nvidia-222'&gt;</c>.</summary>
/// <remarks>Thread safety: immutable.</remarks>
public sealed record NodeMediatedType
{
    private static readonly string[] KnownChildren = ["name", "deviceAPI", "availableInstances"];

    /// <summary>Creates a type; set <see cref="Id"/>.</summary>
    public NodeMediatedType()
    {
    }

    [SetsRequiredMembers]
    private NodeMediatedType(XmlElementView element)
    {
        Id = element.RequiredAttribute("id");
        Name = element.Text("name");
        DeviceApi = element.Text("deviceAPI");
        AvailableInstances = element.DecimalText("availableInstances");
        Unknown = UnknownXml.Of(element, ["id"], KnownChildren);
    }

    /// <summary>Gets the type's name in sysfs.</summary>
    public required string Id { get; init; }

    /// <summary>Gets the vendor's name for it; null if there is none.</summary>
    public string? Name { get; init; }

    /// <summary>Gets the kernel's interface: <c>vfio-pci</c>, <c>vfio-ccw</c>, <c>vfio-ap</c>; null if libvirt does not report it.</summary>
    public string? DeviceApi { get; init; }

    /// <summary>Gets the number of instances that can still be created; null if libvirt does not report it.</summary>
    public uint? AvailableInstances { get; init; }

    internal UnknownXml? Unknown { get; init; }

    internal static ValueList<NodeMediatedType> ReadAll(XmlElementView element)
    {
        var types = new List<NodeMediatedType>();
        foreach (var child in element.Children)
        {
            types.Add(child.Name is "type" ? new(child) : throw child.Error("is not a <type>"));
        }

        return [.. types];
    }

    internal static void WriteAll(ref XmlOut xml, ValueList<NodeMediatedType> types)
    {
        if (types.Count == 0)
        {
            return;
        }

        xml.StartCapability("mdev_types");
        foreach (var type in types)
        {
            xml.Start("type", type.Unknown);
            xml.Attribute("id", type.Id);
            xml.Element("name", type.Name);
            xml.Element("deviceAPI", type.DeviceApi);
            xml.Element("availableInstances", type.AvailableInstances?.ToString(CultureInfo.InvariantCulture));
            xml.End();
        }

        xml.End();
    }
}
