using System.Globalization;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Hostdev.Xml;
using Passthrough.Sdk.Pci;

namespace Passthrough.Sdk.Hostdev.NodeDevices;

/// <summary>A PCI function of the host: <c>&lt;capability type='pci'&gt;</c>.</summary>
/// <remarks>Thread safety: immutable.</remarks>
public sealed record NodePciCapability : NodeCapability
{
    private const int AddressParts = 4;

    private static readonly string[] KnownChildren =
        ["domain", "bus", "slot", "function", "class", "product", "vendor", "capability", "iommuGroup", "numa", "pci-express"];

    /// <summary>Creates a function.</summary>
    public NodePciCapability()
    {
    }

    internal NodePciCapability(XmlElementView element)
    {
        ClassCode = element.NumberText("class", 0xffffff);
        Address = ReadAddress(element);
        Product = element.Single("product") is { } product ? new(product) : null;
        Vendor = element.Single("vendor") is { } vendor ? new(vendor) : null;
        foreach (var child in element.Children)
        {
            switch (child.Name is "capability" ? child.RequiredAttribute("type") : null)
            {
                case "phys_function":
                    PhysicalFunction = PciXml.Read(child.Required("address"));
                    break;
                case "virt_functions":
                    VirtualFunctions = new(child);
                    break;
                case ("pci-bridge" or "cardbus-bridge") and var bridge:
                    Bridge = bridge;
                    break;
                case "mdev_types":
                    MediatedTypes = NodeMediatedType.ReadAll(child);
                    break;
                case "vpd":
                    Vpd = new(child);
                    break;
            }
        }

        Group = element.Single("iommuGroup") is { } group ? new(group) : null;
        NumaNode = (int?)(element.Single("numa")?.Decimal("node"));
        Express = element.Single("pci-express") is { } express ? new(express) : null;
        Unknown = UnknownXml.Of(
            element, ["type"], Address is null ? KnownChildren.AsSpan(AddressParts) : KnownChildren, static child => child.Name is not "capability" || IsKnown(child.Attribute("type")));
    }

    /// <summary>Gets the class, subclass and programming interface, 24 bits; null before libvirt 5.2.0.</summary>
    public uint? ClassCode { get; init; }

    /// <summary>Gets the function's address; null if libvirt does not know it (it writes 4294967295 for a part then).</summary>
    public PciAddress? Address { get; init; }

    /// <summary>Gets the device id and name; null if libvirt does not report it.</summary>
    public NodePciId? Product { get; init; }

    /// <summary>Gets the vendor id and name; null if libvirt does not report it.</summary>
    public NodePciId? Vendor { get; init; }

    /// <summary>Gets the physical function of this virtual function; null for other functions.</summary>
    public PciAddress? PhysicalFunction { get; init; }

    /// <summary>Gets the virtual functions of this physical function; null if it cannot have any.</summary>
    public NodeVirtualFunctions? VirtualFunctions { get; init; }

    /// <summary>Gets the kind of the bridge, <c>pci-bridge</c> or <c>cardbus-bridge</c>; null for an endpoint. libvirt 1.3.3.</summary>
    public string? Bridge { get; init; }

    /// <summary>Gets the types of mediated devices it can be divided into; empty for none. libvirt 3.4.0.</summary>
    public ValueList<NodeMediatedType> MediatedTypes { get; init; } = [];

    /// <summary>Gets its vital product data; null if there is none or libvirt does not report it. libvirt 7.9.0.</summary>
    public NodeVpd? Vpd { get; init; }

    /// <summary>Gets its IOMMU group; null if no IOMMU is active.</summary>
    public NodeIommuGroup? Group { get; init; }

    /// <summary>Gets its NUMA node; null if there is none.</summary>
    public int? NumaNode { get; init; }

    /// <summary>Gets its PCI Express link; null for conventional PCI.</summary>
    public NodePciExpress? Express { get; init; }

    /// <inheritdoc/>
    public override string Type => "pci";

    private static PciAddress? ReadAddress(XmlElementView element) =>
        element.DecimalText("domain") is { } domain && element.DecimalText("bus") is { } bus and <= 0xff
        && element.DecimalText("slot") is { } slot and <= 31 && element.DecimalText("function") is { } function and <= 7
            ? new PciAddress(domain, (byte)bus, (byte)slot, (byte)function)
            : null;

    private static bool IsKnown(string? type) =>
        type is "phys_function" or "virt_functions" or "mdev_types" or "vpd" or "pci-bridge" or "cardbus-bridge";

    private protected override void WriteParts(ref XmlOut xml)
    {
        xml.Element("class", ClassCode is { } code ? string.Create(CultureInfo.InvariantCulture, $"0x{code:x6}") : null);
        if (Address is { } address)
        {
            xml.Element("domain", address.Domain.ToString(CultureInfo.InvariantCulture));
            xml.Element("bus", address.Bus.ToString(CultureInfo.InvariantCulture));
            xml.Element("slot", address.Slot.ToString(CultureInfo.InvariantCulture));
            xml.Element("function", address.Function.ToString(CultureInfo.InvariantCulture));
        }

        Product?.Write(ref xml, "product");
        Vendor?.Write(ref xml, "vendor");
        if (PhysicalFunction is { } physical)
        {
            xml.StartCapability("phys_function");
            PciXml.Write(ref xml, physical);
            xml.End();
        }

        VirtualFunctions?.Write(ref xml);
        if (Bridge is not null)
        {
            xml.StartCapability(Bridge);
            xml.End();
        }

        NodeMediatedType.WriteAll(ref xml, MediatedTypes);
        Vpd?.Write(ref xml);
        Group?.Write(ref xml);
        if (NumaNode is { } node)
        {
            xml.Start("numa");
            xml.Number("node", node);
            xml.End();
        }

        Express?.Write(ref xml);
    }
}
