using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Hostdev.Xml;
using Passthrough.Sdk.Pci;

namespace Passthrough.Sdk.Hostdev.NodeDevices;

/// <summary>The virtual functions of a physical one: <c>&lt;capability type='virt_functions' maxCount='7'&gt;</c>.</summary>
/// <remarks>Thread safety: immutable.</remarks>
public sealed record NodeVirtualFunctions
{
    private static readonly string[] KnownAttributes = ["type", "maxCount"];

    /// <summary>Creates an empty list.</summary>
    public NodeVirtualFunctions()
    {
    }

    internal NodeVirtualFunctions(XmlElementView element)
    {
        MaxCount = element.Decimal("maxCount");
        Functions = NodePciAddresses.Read(element);
        Unknown = UnknownXml.Of(element, KnownAttributes, ["address"]);
    }

    /// <summary>Gets the maximum number (<c>sriov_totalvfs</c>); null before libvirt 1.3.0.</summary>
    public uint? MaxCount { get; init; }

    /// <summary>Gets the existing virtual functions.</summary>
    public ValueList<PciAddress> Functions { get; init; } = [];

    internal UnknownXml? Unknown { get; init; }

    internal void Write(ref XmlOut xml)
    {
        xml.StartCapability("virt_functions", Unknown);
        xml.Number("maxCount", MaxCount);
        NodePciAddresses.Write(ref xml, Functions);
        xml.End();
    }
}
