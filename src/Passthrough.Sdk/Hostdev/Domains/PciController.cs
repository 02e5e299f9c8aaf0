using Passthrough.Sdk.Hostdev.Xml;
using Passthrough.Sdk.Pci;

namespace Passthrough.Sdk.Hostdev.Domains;

/// <summary>A PCI controller of a guest: <c>&lt;controller type='pci' index='1' model='pcie-root-port'/&gt;</c>; its index is the bus number in guest addresses.</summary>
/// <remarks>Thread safety: immutable.</remarks>
public sealed record PciController
{
    /// <summary>Creates a controller whose address libvirt chooses.</summary>
    /// <param name="index">Bus number of the devices behind it.</param>
    /// <param name="model">libvirt's name: <c>pcie-root-port</c>, <c>pci-bridge</c>, <c>pci-root</c>, ...</param>
    public PciController(uint index, string model)
    {
        Index = index;
        Model = model;
    }

    internal PciController(XmlElementView element)
    {
        element.Require("index");
        Index = element.Number("index")!.Value;
        Model = element.Attribute("model");
        if (element.Child("target") is { } target)
        {
            Chassis = target.Number("chassis") ?? target.Number("chassisNr");
            Port = target.Number("port");
            Hotplug = target.OnOff("hotplug");
            MemoryReserve = target.Number("memReserve");
            NumaNode = target.Child("node") is { } node && XmlElementViewValues.TryNumber(node.Value, out var number) ? (int)number : null;
        }

        Address = element.Child("address") is { } address && address.Is("type", "pci") && PciXml.IsPresent(address)
            ? PciXml.Read(address)
            : null;
    }

    /// <summary>Gets the bus number of the devices behind it.</summary>
    public uint Index { get; }

    /// <summary>Gets libvirt's name for its model; null lets libvirt choose it.</summary>
    public string? Model { get; }

    /// <summary>Gets the chassis number (<c>chassis</c>, of a bridge <c>chassisNr</c>); null lets libvirt choose it.</summary>
    public uint? Chassis { get; init; }

    /// <summary>Gets the port number; null lets libvirt choose it.</summary>
    public uint? Port { get; init; }

    /// <summary>Gets whether devices behind it can be plugged and unplugged while the guest runs; null for the default, yes. libvirt 6.3.0.</summary>
    public bool? Hotplug { get; init; }

    /// <summary>Gets the memory that a bridge or port reserves for devices that are plugged later, in KiB; null for the default. libvirt 10.3.0.</summary>
    public uint? MemoryReserve { get; init; }

    /// <summary>Gets the guest's NUMA node of an expander bus; null for none.</summary>
    public int? NumaNode { get; init; }

    /// <summary>Gets the address of the controller itself; null for a root, or if libvirt chooses it.</summary>
    public PciAddress? Address { get; init; }

    /// <summary>Whether one PCI Express device fits behind it, in slot 0.</summary>
    internal bool IsPort => Model is "pcie-root-port" or "pcie-switch-downstream-port";

    internal static PciController Parse(string xml) => new(XmlTree.Parse(xml).Root);

    internal string ToXml(string newLine) => XmlOut.Write(newLine, this, static (controller, ref xml) => controller.Write(ref xml));

    private void Write(ref XmlOut xml)
    {
        xml.Start("controller");
        xml.Attribute("type", "pci");
        xml.Number("index", Index);
        xml.Attribute("model", Model);
        if (Chassis is not null || Port is not null || Hotplug is not null || MemoryReserve is not null || NumaNode is not null)
        {
            xml.Start("target");
            xml.Number(Model is "pci-bridge" ? "chassisNr" : "chassis", Chassis);
            xml.Hex("port", Port, 1);
            xml.OnOff("hotplug", Hotplug);
            xml.Number("memReserve", MemoryReserve);
            xml.Element("node", NumaNode?.ToString(System.Globalization.CultureInfo.InvariantCulture));
            xml.End();
        }

        if (Address is { } address)
        {
            PciXml.Write(ref xml, address, "pci");
        }

        xml.End();
    }
}
