using System.Globalization;
using System.Xml;
using System.Xml.Linq;
using Passthrough.Sdk.Libvirt;
using Passthrough.Sdk.Pci;

namespace Passthrough.Sdk.Testing;

/// <summary>The definition of a domain as text, changed a device at a time; everything else stays as it is.</summary>
internal static class FakeDomainXml
{
    private const int Ports = 8;
    private const string Alias = "hostdev";

    public static string New(string name)
    {
        var ports = string.Concat(Enumerable.Range(1, Ports).Select(index => string.Create(
            CultureInfo.InvariantCulture,
            $"    <controller type='pci' index='{index}' model='pcie-root-port'>\n      <address type='pci' domain='0x0000' bus='0x00' slot='0x{index + 1:x2}' function='0x0'/>\n    </controller>\n")));
        return $"""
            <domain type='kvm'>
              <name>{new XText(name)}</name>
              <uuid>{Guid.NewGuid()}</uuid>
              <memory unit='KiB'>1048576</memory>
              <vcpu>1</vcpu>
              <os>
                <type arch='x86_64' machine='pc-q35-8.2'>hvm</type>
              </os>
              <devices>
                <controller type='pci' index='0' model='pcie-root'/>
            {ports}    <controller type='pci' index='{Ports + 1}' model='pcie-to-pci-bridge'>
                  <address type='pci' domain='0x0000' bus='0x01' slot='0x00' function='0x0'/>
                </controller>
              </devices>
            </domain>

            """;
    }

    public static (string Name, Guid? Uuid) IdentityOf(string xml)
    {
        XElement root;
        try
        {
            root = XElement.Parse(xml);
        }
        catch (XmlException e)
        {
            throw FakeLibvirt.Error(LibvirtErrorCode.XmlDetail, $"(domain_definition):{e.LineNumber}: {e.Message}");
        }

        return ((string?)root.Element("name") ?? throw FakeLibvirt.Error(LibvirtErrorCode.NoName, "missing domain name information"), Guid.TryParse((string?)root.Element("uuid"), out var uuid) ? uuid : null);
    }

    /// <summary>Writes the UUID that a domain without one was given.</summary>
    public static string SetUuid(string xml, Guid uuid)
    {
        var document = XDocument.Parse(xml, LoadOptions.PreserveWhitespace);
        document.Root!.Element("name")!.AddAfterSelf("\n  ", new XElement("uuid", uuid.ToString("D")));
        return Text(document);
    }

    /// <summary>The function of the host that a device element asks for; null for another kind of device.</summary>
    public static PciAddress? FunctionOf(XElement device)
    {
        var isPci = (device.Name.LocalName, (string?)device.Attribute("type")) is ("hostdev", "pci") or ("interface", "hostdev");
        var address = isPci ? device.Element("source")?.Element("address") : null;
        return address is null ? null : new PciAddress((uint)NumberOf(address, "domain"), (byte)NumberOf(address, "bus"), (byte)NumberOf(address, "slot"), (byte)NumberOf(address, "function"));
    }

    public static IEnumerable<XElement> DevicesOf(string xml) => XElement.Parse(xml).Element("devices")?.Elements() ?? [];

    /// <summary>Replaces or removes the element of a namespace in the metadata, before everything but the name and the like.</summary>
    public static string SetMetadata(string xml, string namespaceUri, string prefix, string? element)
    {
        var document = XDocument.Parse(xml, LoadOptions.PreserveWhitespace);
        var root = document.Root!;
        var metadata = root.Element("metadata");
        metadata?.Elements().FirstOrDefault(child => child.Name.NamespaceName == namespaceUri)?.Remove();
        if (element is not null)
        {
            if (metadata is null)
            {
                metadata = new("metadata");
                root.Element("memory")!.AddBeforeSelf(metadata);
            }

            var wanted = XElement.Parse(element);
            foreach (var each in wanted.DescendantsAndSelf())
            {
                each.Name = XName.Get(each.Name.LocalName, namespaceUri);
            }

            wanted.Add(new XAttribute(XNamespace.Xmlns + prefix, namespaceUri));
            metadata.Add(wanted);
        }

        if (metadata is { HasElements: false })
        {
            metadata.Remove();
        }

        return document.ToString(SaveOptions.DisableFormatting);
    }

    /// <summary>Adds a device; a running domain gives it the name that the device is unplugged by.</summary>
    public static string Add(string xml, string device, string? alias, FakePlace? place)
    {
        var document = XDocument.Parse(xml, LoadOptions.PreserveWhitespace);
        var added = XElement.Parse(device, LoadOptions.PreserveWhitespace);
        if (alias is not null && added.Element("alias") is null)
        {
            added.Add(new XElement("alias", new XAttribute("name", alias)));
        }

        place?.Take(document.Root!.Element("devices")!, added);
        document.Root!.Element("devices")!.Add("  ", added, "\n  ");
        return Text(document);
    }

    /// <summary>Gives a device of the definition its address in the guest.</summary>
    public static string SetPlace(string xml, Func<XElement, bool> fits, FakePlace? place)
    {
        var document = XDocument.Parse(xml, LoadOptions.PreserveWhitespace);
        var devices = document.Root!.Element("devices")!;
        place?.Take(devices, devices.Elements().First(fits));
        return Text(document);
    }

    /// <summary>Names the host devices of a domain that starts, those that have no name.</summary>
    public static string AddAliases(string xml)
    {
        var document = XDocument.Parse(xml, LoadOptions.PreserveWhitespace);
        foreach (var device in (document.Root!.Element("devices")?.Elements() ?? []).Where(device => FunctionOf(device) is not null && device.Element("alias") is null).ToList())
        {
            device.Add(new XElement("alias", new XAttribute("name", NextAlias(Text(document)))));
        }

        return Text(document);
    }

    /// <summary>The name that the next host device gets: the number after the highest.</summary>
    public static string NextAlias(string xml)
    {
        var last = DevicesOf(xml).Select(device => (string?)device.Element("alias")?.Attribute("name"))
            .Select(name => name?.StartsWith(Alias, StringComparison.Ordinal) == true && int.TryParse(name.AsSpan(Alias.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : -1)
            .DefaultIfEmpty(-1).Max();
        return string.Create(CultureInfo.InvariantCulture, $"{Alias}{last + 1}");
    }

    /// <summary>Removes the first device that fits.</summary>
    public static string Remove(string xml, Func<XElement, bool> fits)
    {
        var document = XDocument.Parse(xml, LoadOptions.PreserveWhitespace);
        document.Root!.Element("devices")!.Elements().First(fits).Remove();
        return Text(document);
    }

    internal static int NumberOf(XElement address, string name)
    {
        var text = (string?)address.Attribute(name) ?? "0";
        return text.StartsWith("0x", StringComparison.Ordinal)
            ? int.Parse(text.AsSpan(2), NumberStyles.HexNumber, CultureInfo.InvariantCulture)
            : int.Parse(text, CultureInfo.InvariantCulture);
    }

    private static string Text(XDocument document) => document.ToString(SaveOptions.DisableFormatting);
}
