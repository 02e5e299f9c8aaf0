using System.Globalization;
using System.Xml;
using Passthrough.Sdk.Pci;

namespace Passthrough.Sdk.Assignment;

/// <summary>Questions to a domain's XML that a step asks to verify itself.</summary>
internal static class DomainXml
{
    /// <summary>Whether the domain asks for this PCI device of the host.</summary>
    public static bool Asks(string xml, PciAddress device)
    {
        using var reader = XmlReader.Create(new StringReader(xml), new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit });
        while (reader.ReadToFollowing("source"))
        {
            using var source = reader.ReadSubtree();
            if (source.ReadToDescendant("address") && Is(source, device))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The element that asks for this PCI device of the host, to be managed by libvirt.</summary>
    public static string HostdevOf(PciAddress device) =>
        string.Create(CultureInfo.InvariantCulture, $"<hostdev mode='subsystem' type='pci' managed='yes'><source><address domain='0x{device.Domain:x4}' bus='0x{device.Bus:x2}' slot='0x{device.Slot:x2}' function='0x{device.Function:x}'/></source></hostdev>");

    private static bool Is(XmlReader address, PciAddress device) =>
        Number(address, "domain") == device.Domain && Number(address, "bus") == device.Bus
        && Number(address, "slot") == device.Slot && Number(address, "function") == device.Function;

    private static uint Number(XmlReader element, string attribute)
    {
        var text = element.GetAttribute(attribute) ?? "0";
        return text.StartsWith("0x", StringComparison.OrdinalIgnoreCase)
            ? uint.Parse(text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture)
            : uint.Parse(text, CultureInfo.InvariantCulture);
    }
}
