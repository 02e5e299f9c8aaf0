using Passthrough.Sdk.Pci;

namespace Passthrough.Sdk.Hostdev.Xml;

/// <summary>A PCI address as libvirt writes it (<c>virPCIDeviceAddressFormat</c>).</summary>
internal static class PciXml
{
    public static readonly string[] GuestAttributes = ["type", "domain", "bus", "slot", "function", "multifunction"];
    public static readonly string[] PoolAttributes = ["type", "domain", "bus", "slot", "function", "connections"];

    public static bool IsPresent(XmlElementView element) =>
        element.Has("domain") || element.Has("bus")
        || element.Has("slot") || element.Has("function");

    /// <summary>Parts that are not there are 0.</summary>
    public static PciAddress Read(XmlElementView element) => new(
        element.Number("domain") ?? 0,
        (byte)(element.Number("bus", 0xff) ?? 0),
        (byte)(element.Number("slot", 0x1f) ?? 0),
        (byte)(element.Number("function", 7) ?? 0));

    public static void Write(ref XmlOut xml, PciAddress address, string? type = null, UnknownXml? unknown = null)
    {
        xml.Start("address", unknown);
        xml.Attribute("type", type);
        WriteParts(ref xml, address);
        xml.End();
    }

    public static void WriteParts(ref XmlOut xml, PciAddress address)
    {
        xml.Hex("domain", address.Domain, 4);
        xml.Hex("bus", address.Bus, 2);
        xml.Hex("slot", address.Slot, 2);
        xml.Hex("function", address.Function, 1);
    }
}
