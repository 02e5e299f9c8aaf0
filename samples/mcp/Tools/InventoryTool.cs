using System.ComponentModel;
using System.Text.Json;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using Passthrough.Cli;
using Passthrough.Cli.Json;
using Passthrough.Sdk.Host;
using Passthrough.Sdk.Iommu;
using Passthrough.Sdk.Libvirt;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Readiness;

namespace Passthrough.Mcp.Tools;

/// <summary><c>inventory</c>: lists the devices of the host, or its IOMMU groups.</summary>
/// <param name="access">The host.</param>
[McpServerToolType]
internal sealed class InventoryTool(HostAccess access)
{
    private const int MostItems = 50;

    [McpServerTool(Name = "inventory", Title = "List PCI devices or IOMMU groups", ReadOnly = true, Destructive = false, Idempotent = true, OpenWorld = false)]
    [Description("Lists the PCI functions of the host with ids, names, driver and IOMMU group, or its IOMMU groups and whether each is viable (all its devices can be given to one guest). "
        + "Changes nothing. Returns JSON; null means unknown or absent. Use the filters: a host can have hundreds of functions.")]
    public Task<CallToolResult> ListAsync(
        [Description("What to list: devices (the default) or groups.")] string? what = null,
        [Description("Only devices of this kind: display, network, storage, audio, usb or bridge.")] string? kind = null,
        [Description("Only devices, or groups with a device, whose address, names, ids (10de:1c82) or driver contain this text.")] string? contains = null,
        [Description("Only this IOMMU group.")] int? group = null,
        [Description("How many items of the result to skip, for the next page.")] int offset = 0,
        [Description("How many items to return, 1 to 50.")] int limit = 20,
        CancellationToken cancellationToken = default) => Answer.OfAsync(async () =>
    {
        if (offset < 0 || limit is < 1 or > MostItems)
        {
            throw new ToolException($"offset must be 0 or more, and limit 1 to {MostItems}");
        }

        var list = Arguments.OneOf("what", what, "devices", "groups");
        var isOfKind = KindOf(kind);
        var snapshot = access.Host.Capture(CaptureOptions.DevicesOnly with { Isolation = list == "groups" });
        var libvirt = list == "devices" ? await access.ReadLibvirtAsync(cancellationToken).ConfigureAwait(false) : null;
        bool IsWanted(PciDevice device) =>
            isOfKind(device) && (group is null || device.IommuGroupId == group) && (contains is null || TextOf(device).Contains(contains, StringComparison.OrdinalIgnoreCase));
        return list == "groups"
            ? Page(list, [.. snapshot.IommuGroups.Where(each => each.Devices.Any(address => snapshot.Devices.TryGet(address, out var device) && IsWanted(device)))], offset, limit, (json, each) => Write(json, each, snapshot))
            : Page(list, [.. snapshot.Devices.Where(IsWanted)], offset, limit, (json, each) => Write(json, each, libvirt));
    });

    private static string Page<T>(string name, IReadOnlyList<T> items, int offset, int limit, Action<Utf8JsonWriter, T> write) => Answer.Json(json =>
    {
        json.WriteNumber("total", items.Count);
        json.WriteNumber("offset", offset);
        json.WriteStartArray(name);
        foreach (var item in items.Skip(offset).Take(limit))
        {
            json.WriteStartObject();
            write(json, item);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        if (items.Count - limit > offset)
        {
            json.WriteString("leftOut", $"{items.Count - limit - offset} more {name}; call again with offset {offset + limit}, or use a filter");
        }
    });

    private void Write(Utf8JsonWriter json, PciDevice device, LibvirtFacts? libvirt)
    {
        DeviceJson.WriteProperties(json, device, access.Names);
        if (libvirt is null)
        {
            return;
        }

        json.WriteStartArray("domains");
        foreach (var use in libvirt.Uses.Where(use => use.Device == device.Address).DistinctBy(use => (use.Domain, use.IsRunning)))
        {
            json.WriteStartObject();
            json.WriteString("name", Answer.Plain(use.Domain));
            json.WriteBoolean("running", use.IsRunning);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter json, IommuGroup group, HostSnapshot snapshot)
    {
        var findings = snapshot.CheckGroup(group);
        json.WriteNumber("id", group.Id);
        json.WriteAddresses("devices", group.Devices);
        json.WriteBoolean("viable", findings.Count == 0);
        json.WriteSome(findings);
    }

    private string TextOf(PciDevice device) => $"{device.Address} {DeviceNames.Ids(device)} {DeviceNames.Describe(device, access.Names)} {device.Driver}";

    // The base classes of PCI; audio is a part of multimedia, and USB of serial buses.
    private static Func<PciDevice, bool> KindOf(string? kind) => kind is null ? static _ => true : Arguments.OneOf("kind", kind, "display", "network", "storage", "audio", "usb", "bridge") switch
    {
        "display" => static device => device.ClassCode?.BaseClass == 0x03,
        "network" => static device => device.ClassCode?.BaseClass == 0x02,
        "storage" => static device => device.ClassCode?.BaseClass == 0x01,
        "audio" => static device => device.ClassCode is { BaseClass: 0x04, Subclass: 0x01 or 0x03 },
        "usb" => static device => device.ClassCode is { BaseClass: 0x0c, Subclass: 0x03 },
        _ => static device => device.ClassCode?.BaseClass == 0x06,
    };
}
