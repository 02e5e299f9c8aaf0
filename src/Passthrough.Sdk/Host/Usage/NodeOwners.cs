using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Sysfs;

namespace Passthrough.Sdk.Host.Usage;

/// <summary>The PCI functions behind device nodes, by the number of the node and not by its name, which anybody may choose.</summary>
internal sealed class NodeOwners
{
    private const string Characters = "/sys/dev/char";
    private const string Blocks = "/sys/dev/block";
    private const string NvmeSubsystems = "/sys/class/nvme-subsystem";

    private readonly Dictionary<string, Node> _nodes = new(StringComparer.Ordinal);
    private readonly ISysfs _files;

    /// <summary>Reads them.</summary>
    /// <param name="files">The host.</param>
    /// <param name="blocks">Its block devices.</param>
    /// <param name="framebuffers">The frame buffers by function; that of the firmware lies in no function's directory.</param>
    public NodeOwners(ISysfs files, Fact<BlockGraph> blocks, Fact<ILookup<PciAddress, string>> framebuffers)
    {
        _files = files;
        var displays = framebuffers.IsKnown ? framebuffers.Value!.SelectMany(all => all, (all, name) => (all.Key, name)).ToLookup(d => d.name, d => d.Key) : null;
        var subsystems = new Dictionary<string, ValueList<PciAddress>>(StringComparer.Ordinal);
        foreach (var directory in (string[])[Characters, Blocks])
        {
            var entries = ClassLinks.Read(files, directory);
            foreach (var entry in entries.IsKnown ? entries.Value : [])
            {
                var name = entry.Target[(entry.Target.LastIndexOf('/') + 1)..];
                var owners = entry.Owner is { } owner ? [owner]
                    : NvmeSubsystem(entry.Target) is { } subsystem ? Controllers(subsystem)
                    : displays is not null && name.StartsWith("fb", StringComparison.Ordinal) ? [.. displays[name]]
                    : [];
                _nodes[$"{directory}/{entry.Name}"] = new Node(name, owners);
            }
        }

        // A volume, an array, and an NVMe disk of several paths lie in no function's directory, and stand on one all the same.
        foreach (var (number, owners) in blocks.IsKnown ? blocks.Value!.Owners() : [])
        {
            var path = $"{Blocks}/{number}";
            _nodes[path] = new Node(_nodes.TryGetValue(path, out var known) ? known.Name : blocks.Value!.OfNumber(number) ?? "", owners);
        }

        ValueList<PciAddress> Controllers(string subsystem)
        {
            if (!subsystems.TryGetValue(subsystem, out var owners))
            {
                var names = files.List($"{NvmeSubsystems}/{subsystem}");
                subsystems[subsystem] = owners =
                [
                    .. (names.IsKnown ? names.Value : []).Select(name => ClassLinks.OwnerOf(files.ReadLink($"{NvmeSubsystems}/{subsystem}/{name}").Value ?? ""))
                        .OfType<PciAddress>().Distinct().Order()
                ];
            }

            return owners;
        }
    }

    /// <summary>Returns the device of an open file of a process; null if it is not a device node.</summary>
    /// <param name="path">The file, or a link of the process to it.</param>
    /// <returns>The node's path in /sys/dev, and the device if the kernel has one of that number.</returns>
    public (string Path, Node? Device)? Find(string path)
    {
        if (_files.TryStatus(path, out var status) != Errno.Success || status.DeviceNumber is not { } number)
        {
            return null;
        }

        var node = $"{(status.Kind == FileKind.BlockDevice ? Blocks : Characters)}/{number}";
        return (node, _nodes.GetValueOrDefault(node));
    }

    /// <summary>The kernel's subsystem of a device, by its path in /sys/dev.</summary>
    public string? SubsystemOf(string node) => _files.ReadLinkName($"{node}/subsystem").Value;

    // ".../nvme-subsystem/nvme-subsys0/ng0n1": what belongs to all controllers of the subsystem.
    private static string? NvmeSubsystem(string target)
    {
        var words = target.Split('/');
        var at = Array.IndexOf(words, "nvme-subsystem");
        return at >= 0 && at + 2 < words.Length ? words[at + 1] : null;
    }

    /// <summary>A device that has a node.</summary>
    /// <param name="Name">The kernel's name.</param>
    /// <param name="Owners">The functions it belongs to or stands on; empty for none.</param>
    public sealed record Node(string Name, ValueList<PciAddress> Owners);
}
