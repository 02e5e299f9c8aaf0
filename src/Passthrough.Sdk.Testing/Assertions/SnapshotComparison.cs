using System.Globalization;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Host;
using Passthrough.Sdk.Host.Usage;
using Passthrough.Sdk.Pci;

namespace Passthrough.Sdk.Testing;

/// <summary>What a plan can change of a host, as lines of text that are compared.</summary>
internal static class SnapshotComparison
{
    private const string None = "none";

    /// <summary>Every difference in one line: <c>0000:01:00.0 driver: e1000e, now vfio-pci</c>.</summary>
    public static IReadOnlyList<string> Compare(HostSnapshot before, HostSnapshot after)
    {
        var (old, now) = (Lines(before), Lines(after));
        var changes = new List<string>();
        foreach (var name in old.Keys.Union(now.Keys).Order(StringComparer.Ordinal))
        {
            // What is null was not captured. A function that is missing has one line, not one for each of its properties.
            var (was, there) = (old.GetValueOrDefault(name, None), now.GetValueOrDefault(name, None));
            if (was is not null && there is not null && was != there && !IsOfMissing(name, before) && !IsOfMissing(name, after))
            {
                changes.Add($"{name}: {was}, now {there}");
            }
        }

        return changes;
    }

    private static bool IsOfMissing(string name, HostSnapshot snapshot) =>
        name.Split(' ') is [var device, _, ..] && PciAddress.TryParse(device, out var address) && !snapshot.Devices.TryGet(address, out _);

    private static SortedDictionary<string, string?> Lines(HostSnapshot snapshot)
    {
        var lines = new SortedDictionary<string, string?>(StringComparer.Ordinal);
        foreach (var device in snapshot.Devices)
        {
            var name = device.Address.ToString();
            lines[name] = "present";
            lines[$"{name} driver"] = device.Driver ?? None;
            lines[$"{name} IOMMU group"] = device.IommuGroupId?.ToString(CultureInfo.InvariantCulture) ?? None;
            lines[$"{name} virtual functions"] = List(device.VirtualFunctions.Select(function => function.ToString()));
            var details = device.Details is { Modalias: not null } whole ? whole : null;
            lines[$"{name} driver_override"] = details is null ? null : details.DriverOverride ?? None;
            lines[$"{name} reset methods"] = details?.ResetMethods is { } methods ? List(methods) : null;
            lines[$"{name} probes drivers"] = details?.Sriov?.ProbesDrivers?.ToString();
            AddInterfaces(lines, name, snapshot.System.Usage[device.Address].NetworkInterfaces);
        }

        lines["modules"] = snapshot.System.Modules.Loaded is { IsKnown: true } loaded ? List(loaded.Value!.Keys.Order(StringComparer.Ordinal)) : null;
        lines["mediated devices"] = snapshot.System.MediatedDevices.Devices is { IsKnown: true } mediated ? List(mediated.Value.Select(device => $"{device.Uuid} {device.Type}")) : null;
        lines["mediated definitions"] = snapshot.System.MediatedDevices.Definitions is { IsKnown: true } definitions ? List(definitions.Value.Select(definition => $"{definition.Uuid} {definition.Type} on {definition.Parent}")) : null;
        lines["configured for every boot"] = snapshot.System.Persistence.Devices is { IsKnown: true } persistent ? List(persistent.Value.Select(device => device.ToString())) : null;
        return lines;
    }

    private static void AddInterfaces(SortedDictionary<string, string?> lines, string name, Fact<ValueList<NetworkInterface>> interfaces)
    {
        lines[$"{name} network interfaces"] = interfaces.IsKnown ? List(interfaces.Value.Select(each => each.Name)) : interfaces.IsAbsent ? None : null;
        foreach (var each in interfaces.IsKnown ? interfaces.Value : [])
        {
            foreach (var function in each.VirtualFunctions.IsKnown ? each.VirtualFunctions.Value : [])
            {
                lines[string.Create(CultureInfo.InvariantCulture, $"{name} {each.Name} virtual function {function.Index}")] =
                    $"mac {function.MacAddress}, vlan {function.Vlan}, trust {function.IsTrusted}, spoofchk {function.ChecksSpoofing}";
            }
        }
    }

    private static string List(IEnumerable<string> words) => string.Join(", ", words) is { Length: > 0 } text ? text : None;
}
