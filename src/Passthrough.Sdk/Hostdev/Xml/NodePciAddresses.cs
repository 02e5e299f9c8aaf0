using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Pci;

namespace Passthrough.Sdk.Hostdev.Xml;

/// <summary>The lists of addresses in node device XML.</summary>
internal static class NodePciAddresses
{
    public static ValueList<PciAddress> Read(XmlElementView element)
    {
        var addresses = new List<PciAddress>();
        foreach (var child in element.Children)
        {
            if (child.Name is "address")
            {
                addresses.Add(PciXml.Read(child));
            }
        }

        return [.. addresses];
    }

    public static void Write(ref XmlOut xml, ValueList<PciAddress> addresses)
    {
        foreach (var address in addresses)
        {
            PciXml.Write(ref xml, address);
        }
    }
}
