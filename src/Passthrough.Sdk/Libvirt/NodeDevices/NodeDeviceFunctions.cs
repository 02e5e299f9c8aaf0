using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Hostdev.NodeDevices;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Pci.Details;

namespace Passthrough.Sdk.Libvirt.NodeDevices;

/// <summary>PCI functions from their node devices.</summary>
internal static class NodeDeviceFunctions
{
    public static PciDeviceCollection Read(NodeDeviceTree tree, UnreadSources unread)
    {
        var functions = new SortedDictionary<PciAddress, PciDevice>();
        var indexes = VirtualFunctionIndexes(tree);
        foreach (var device in tree.Descriptions)
        {
            if (device.Pci is not { } pci)
            {
                continue;
            }

            if (pci.Address is not { } address)
            {
                unread.Add(device.Name ?? NodeDeviceTree.Source, "libvirt does not report the address of the function");
            }
            else if (!functions.TryAdd(address, Read(tree, device, pci, address, indexes)))
            {
                unread.Add(device.Name ?? NodeDeviceTree.Source, $"another node device has its address {address}");
            }
        }

        return new PciDeviceCollection([.. functions.Values], FactState.Known);
    }

    private static PciDevice Read(
        NodeDeviceTree tree, NodeDeviceDescription device, NodePciCapability pci, PciAddress address, Dictionary<PciAddress, int> indexes) => new(address)
        {
            ClassCode = pci.ClassCode is { } code ? new PciClassCode(code) : null,
            VendorId = pci.Vendor?.Id,
            DeviceId = pci.Product?.Id,
            Driver = device.Driver,
            GivenName = pci is { Vendor: { Id: { } vendorId } vendor, Product: { Id: { } productId } product }
                ? PciIdDatabase.Join(vendor.Name, vendorId, product.Name, productId) : null,
            IommuGroupId = NodeDeviceTree.Number(pci.Group?.Number),
            NumaNode = pci.NumaNode is { } node and >= 0 ? node : null,
            PhysicalFunction = pci.PhysicalFunction,
            VirtualFunctions = pci.VirtualFunctions is { } virtuals ? [.. virtuals.Functions.Order()] : [],
            Details = new PciDeviceDetails
            {
                Link = ReadLink(pci.Express),
                Sriov = pci.VirtualFunctions is { MaxCount: not null } sriov ? new PciSriov(NodeDeviceTree.Number(sriov.MaxCount), sriov.Functions.Count, null, null, null, null) : null,
                VirtualFunctionIndex = indexes.TryGetValue(address, out var index) ? index : null,
                MediatedDeviceTypes = [.. pci.MediatedTypes.Select(type => Read(tree, type, address))],
                Bridges = [.. tree.BridgesAbove(device)],
                VitalProductData = pci.Vpd is { } vpd ? VitalProductData.Of(vpd.Name, Fields(vpd.ReadOnly), Fields(vpd.ReadWrite)) : null,
            },
        };

    // libvirt lists them in the order of the kernel's links virtfn0, virtfn1, ...
    private static Dictionary<PciAddress, int> VirtualFunctionIndexes(NodeDeviceTree tree)
    {
        var indexes = new Dictionary<PciAddress, int>();
        foreach (var virtuals in tree.Descriptions.Select(device => device.Pci?.VirtualFunctions).OfType<NodeVirtualFunctions>())
        {
            foreach (var (index, function) in virtuals.Functions.Index())
            {
                indexes.TryAdd(function, index);
            }
        }

        return indexes;
    }

    private static PciLink? ReadLink(NodePciExpress? express) => express is { Capability: { } most }
        ? new PciLink(express.Status?.Speed, NodeDeviceTree.Number(express.Status?.Width), most.Speed, NodeDeviceTree.Number(most.Width))
        : null;

    private static MediatedDeviceType Read(NodeDeviceTree tree, NodeMediatedType type, PciAddress parent) => new(
        type.Id,
        type.Name,
        Description: null,
        type.DeviceApi,
        NodeDeviceTree.Number(type.AvailableInstances),
        [.. tree.Descriptions
            .Where(device => device.Mediated?.TypeId == type.Id && IsChildOf(tree, device, parent))
            .Select(NodeDeviceTree.UuidOf)
            .OfType<string>()
            .Order(StringComparer.Ordinal)]);

    private static bool IsChildOf(NodeDeviceTree tree, NodeDeviceDescription device, PciAddress parent) =>
        PciAddress.TryParse(device.Mediated?.ParentAddress, out var named) ? named == parent : tree.OwnerOf(device) == parent;

    private static List<VitalProductDataField> Fields(ValueList<NodeVpdField>? fields) =>
        [.. (fields ?? []).Select(field => (Keyword: Keyword(field), field.Value)).Where(field => field.Keyword is not null)
            .Select(field => VitalProductDataField.Of(field.Keyword!, field.Value))];

    // libvirt has words for the keywords of the PCI specification (virpcivpd.c).
    private static string? Keyword(NodeVpdField field) => field.Keyword switch
    {
        "change_level" => "EC",
        "manufacture_id" => "MN",
        "part_number" => "PN",
        "serial_number" => "SN",
        "asset_tag" => "YA",
        "vendor_field" when field.Index is { } index => $"V{index}",
        "system_field" when field.Index is { } index => $"Y{index}",
        _ => null,
    };
}
