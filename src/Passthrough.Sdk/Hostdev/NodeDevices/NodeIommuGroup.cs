using System.Diagnostics.CodeAnalysis;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Hostdev.Xml;
using Passthrough.Sdk.Pci;

namespace Passthrough.Sdk.Hostdev.NodeDevices;

/// <summary>The IOMMU group of a node device: <c>&lt;iommuGroup number='12'&gt;</c>.</summary>
/// <remarks>Thread safety: immutable.</remarks>
public sealed record NodeIommuGroup
{
    /// <summary>Creates a group; set <see cref="Number"/>.</summary>
    public NodeIommuGroup()
    {
    }

    [SetsRequiredMembers]
    internal NodeIommuGroup(XmlElementView element)
    {
        element.Require("number");
        Number = element.Decimal("number")!.Value;
        Devices = NodePciAddresses.Read(element);
        Unknown = UnknownXml.Of(element, ["number"], ["address"]);
    }

    /// <summary>Gets the group's number (<c>/sys/kernel/iommu_groups</c>).</summary>
    public required uint Number { get; init; }

    /// <summary>Gets the functions in it, including this one; empty if libvirt lists none, as for mediated devices.</summary>
    public ValueList<PciAddress> Devices { get; init; } = [];

    internal UnknownXml? Unknown { get; init; }

    internal void Write(ref XmlOut xml)
    {
        xml.Start("iommuGroup", Unknown);
        xml.Number("number", Number);
        NodePciAddresses.Write(ref xml, Devices);
        xml.End();
    }
}
