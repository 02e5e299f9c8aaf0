using System.Globalization;
using System.Xml.Linq;
using Passthrough.LabTests.Lab;
using Passthrough.Sdk.Host;
using Passthrough.Sdk.Pci;

namespace Passthrough.LabTests.Hosts;

/// <summary>Holds every function of a snapshot against <c>virsh nodedev-dumpxml</c>, field by field, by another parser than the library's own.</summary>
internal static class NodeDeviceAgreement
{
    /// <summary>What differs, a line each.</summary>
    public static List<string> Differences(HostSnapshot snapshot, PciIdDatabase names)
    {
        var differences = new List<string>();
        var listed = Shell.Run("virsh -c qemu:///system nodedev-list --cap pci").Split('\n', StringSplitOptions.RemoveEmptyEntries).ToList();
        var ours = snapshot.Devices.Select(device => device.Address.NodeDeviceName).ToHashSet(StringComparer.Ordinal);
        differences.AddRange(listed.Where(name => !ours.Contains(name)).Select(name => $"{name}: only libvirt has it"));
        differences.AddRange(ours.Where(name => !listed.Contains(name)).Select(name => $"{name}: only we have it"));
        var dumps = Shell.Run(string.Join("; ", listed.Select(name => $"virsh -c qemu:///system nodedev-dumpxml {name}")));
        foreach (var xml in XDocument.Parse($"<all>{dumps}</all>").Root!.Elements("device"))
        {
            var pci = xml.Elements("capability").Single(capability => (string?)capability.Attribute("type") == "pci");
            if (snapshot.Devices.TryGet(AddressOf(pci.Element("domain")!, pci.Element("bus")!, pci.Element("slot")!, pci.Element("function")!), out var device))
            {
                differences.AddRange(Fields(xml, pci, device, snapshot, names)
                    .Where(field => field.Theirs != field.Ours)
                    .Select(field => $"{device.Address} {field.Name}: libvirt '{field.Theirs}', ours '{field.Ours}'"));
            }
        }

        return differences;
    }

    private static IEnumerable<(string Name, string? Theirs, string? Ours)> Fields(
        XElement xml, XElement pci, PciDevice device, HostSnapshot snapshot, PciIdDatabase names)
    {
        var details = device.Details!;
        XElement? Capability(string type) => pci.Elements("capability").FirstOrDefault(capability => (string?)capability.Attribute("type") == type);
        yield return ("driver", (string?)xml.Element("driver")?.Element("name"), device.Driver);
        yield return ("class", (string?)pci.Element("class"), $"0x{device.ClassCode}");
        yield return ("vendor id", (string?)pci.Element("vendor")?.Attribute("id"), $"0x{device.VendorId:x4}");
        yield return ("product id", (string?)pci.Element("product")?.Attribute("id"), $"0x{device.DeviceId:x4}");
        yield return ("vendor", pci.Element("vendor")!.Value, names.FindVendor(device.VendorId!.Value) ?? "");
        yield return ("product", pci.Element("product")!.Value, names.FindDevice(device.VendorId!.Value, device.DeviceId!.Value) ?? "");
        yield return ("numa", (string?)pci.Element("numa")?.Attribute("node"), device.NumaNode?.ToString(CultureInfo.InvariantCulture));
        yield return ("physical function", Addresses(Capability("phys_function")), device.PhysicalFunction?.ToString() ?? "");
        yield return ("virtual functions", Addresses(Capability("virt_functions")), string.Join(' ', device.VirtualFunctions));
        yield return ("most virtual functions", (string?)Capability("virt_functions")?.Attribute("maxCount"), details.Sriov?.TotalVirtualFunctions?.ToString(CultureInfo.InvariantCulture));
        yield return ("bridge", $"{Capability("pci-bridge") is not null}", $"{details.SecondaryBus is not null}");
        yield return ("product data", Capability("vpd")?.ToString(), details.VitalProductData?.Name);
        yield return ("mediated types", Capability("mdev_types")?.ToString(), details.MediatedDeviceTypes.IsEmpty ? null : "some");
        yield return ("path", ((string?)xml.Element("path"))?.Split('/').Where(part => part.Contains('.', StringComparison.Ordinal)).Aggregate("", (a, b) => $"{a} {b}").Trim(),
            string.Join(' ', details.Bridges.Append(device.Address)));

        var group = pci.Element("iommuGroup");
        yield return ("group", (string?)group?.Attribute("number"), device.IommuGroupId?.ToString(CultureInfo.InvariantCulture));
        var members = device.IommuGroupId is { } id && snapshot.IommuGroups.TryGet(id, out var found) ? string.Join(' ', found.Devices) : "";
        yield return ("group's members", Addresses(group), members);

        var links = pci.Element("pci-express")?.Elements("link").ToDictionary(link => (string)link.Attribute("validity")!) ?? [];
        yield return ("link at most", Link(links.GetValueOrDefault("cap")), details.Link is { } most ? $"{Number(most.MaxSpeed)} x{most.MaxWidth}" : null);
        yield return ("link now", Link(links.GetValueOrDefault("sta")), details.Link is { } now ? $"{Number(now.CurrentSpeed)} x{now.CurrentWidth}" : null);
    }

    private static string? Link(XElement? link) => link is null ? null : $"{(string?)link.Attribute("speed")} x{(string?)link.Attribute("width")}";

    private static string Number(double? speed) => speed?.ToString(CultureInfo.InvariantCulture) ?? "";

    private static string Addresses(XElement? parent) => string.Join(' ', (parent?.Elements("address") ?? [])
        .Select(address => Text(Convert.ToUInt32((string)address.Attribute("domain")!, 16), Convert.ToUInt32((string)address.Attribute("bus")!, 16),
            Convert.ToUInt32((string)address.Attribute("slot")!, 16), Convert.ToUInt32((string)address.Attribute("function")!, 16)))
        .Order(StringComparer.Ordinal));

    private static PciAddress AddressOf(XElement domain, XElement bus, XElement slot, XElement function) =>
        PciAddress.Parse(Text((uint)domain, (uint)bus, (uint)slot, (uint)function));

    private static string Text(uint domain, uint bus, uint slot, uint function) => $"{domain:x4}:{bus:x2}:{slot:x2}.{function:x}";
}
