using Passthrough.Sdk.Host.Usage;
using Passthrough.Sdk.Hostdev.NodeDevices;
using Passthrough.Sdk.Pci;

namespace Passthrough.Sdk.Libvirt.NodeDevices;

/// <summary>The node devices of a host, and on which PCI function each hangs.</summary>
internal sealed class NodeDeviceTree
{
    public const string Source = "virNodeDeviceGetXMLDesc";

    private readonly Dictionary<string, NodeDeviceDescription> _byName = new(StringComparer.Ordinal);

    public NodeDeviceTree(IReadOnlyList<NodeDeviceDescription> descriptions)
    {
        Descriptions = descriptions;
        foreach (var description in descriptions)
        {
            _byName.TryAdd(description.Name ?? "", description);
        }
    }

    public IReadOnlyList<NodeDeviceDescription> Descriptions { get; }

    /// <summary>A number as the models here have it; null also for one that no host has.</summary>
    public static int? Number(uint? number) => number is <= int.MaxValue ? (int)number : null;

    /// <summary>The devices that are one thing, each with what it is.</summary>
    public IEnumerable<(NodeDeviceDescription Device, NodeOtherCapability Capability)> Of(string type) =>
        Descriptions.SelectMany(device => device.Capabilities.OfType<NodeOtherCapability>().Where(c => c.Type == type), (device, c) => (device, c));

    /// <summary>The function on which a device hangs: by its folder, else by its parents; null for none.</summary>
    public PciAddress? OwnerOf(NodeDeviceDescription device) =>
        device.Path is { } path ? ClassLinks.OwnerOf(path) : Ancestors(device).Select(ancestor => ancestor.Pci?.Address).FirstOrDefault(address => address is not null);

    /// <summary>The UUID of a mediated device; null if it is none. Before libvirt 7.3.0 only its name has it.</summary>
    public static string? UuidOf(NodeDeviceDescription device)
    {
        const string Prefix = "mdev_";
        const int Length = 36;
        return device.Mediated is not { } mediated ? null
            : mediated.Uuid?.ToString("D")
            ?? (device.Name is { Length: >= 41 } name && name.StartsWith(Prefix, StringComparison.Ordinal)
                && Guid.TryParse(name.Substring(Prefix.Length, Length).Replace('_', '-'), out var uuid) ? uuid.ToString("D") : null);
    }

    /// <summary>The functions above a function, from the root bus down.</summary>
    public IEnumerable<PciAddress> BridgesAbove(NodeDeviceDescription device)
    {
        if (device.Path is { } path)
        {
            return path.Split('/')[..^1].Select(name => PciAddress.TryParse(name, out var address) ? address : (PciAddress?)null).OfType<PciAddress>();
        }

        return Ancestors(device).Select(ancestor => ancestor.Pci?.Address).OfType<PciAddress>().Reverse();
    }

    // Descriptions may come from anywhere, and name each other in a circle.
    private IEnumerable<NodeDeviceDescription> Ancestors(NodeDeviceDescription device)
    {
        var seen = new HashSet<NodeDeviceDescription>(ReferenceEqualityComparer.Instance);
        while (device.Parent is { } name && _byName.TryGetValue(name, out var parent) && seen.Add(parent))
        {
            yield return parent;
            device = parent;
        }
    }
}
