using System.Collections.Immutable;
using System.Globalization;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Sysfs;

namespace Passthrough.Sdk.Host.Usage;

/// <summary>Finds which processes have nodes of PCI functions open: a look at every descriptor of every process.</summary>
/// <remarks>
/// A node is known by its number and not by its name, which the kernel gives in uevent files only: those are shown under the
/// lock of a device, which a driver that does not come to an end (of a USB device, say) may hold for ever.
/// </remarks>
internal static class OpenHandleReader
{
    private const string Characters = "/sys/dev/char";
    private const string Blocks = "/sys/dev/block";

    // What the kernel writes behind the name of a file that is gone.
    private const string Gone = " (deleted)";

    // Terminals come and go, and are in no list of the kernel's.
    private const string Terminals = "/dev/pts/";

    /// <summary>What was found.</summary>
    /// <param name="Handles">The handles by function.</param>
    /// <param name="Orphans">Handles on nodes that no device has any more.</param>
    /// <param name="Unreadable">How many processes could not be looked at.</param>
    public sealed record Found(ILookup<PciAddress, OpenHandle> Handles, ImmutableArray<OpenHandle> Orphans, int Unreadable);

    /// <summary>Looks at everybody.</summary>
    public static Fact<Found> Read(ISysfs files, Fact<BlockGraph> blocks)
    {
        Dictionary<string, ImmutableArray<PciAddress>> numbers = Numbers(files, blocks);
        ILookup<string, PciAddress> nodes = Nodes(files).ToLookup(n => n.Path, n => n.Owner, StringComparer.Ordinal);
        return files.List("/proc").Select(names =>
        {
            var found = new List<(PciAddress Owner, OpenHandle Handle)>();
            var orphans = ImmutableArray.CreateBuilder<OpenHandle>();
            int unreadable = 0;
            foreach (string name in names)
            {
                if (!int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out int process))
                {
                    continue;
                }

                Fact<ImmutableArray<string>> descriptors = files.List($"/proc/{name}/fd");
                unreadable += descriptors.IsUnknown ? 1 : 0;
                var links = (descriptors.IsKnown ? descriptors.Value : []).Select(d => (Name: d, Path: files.ReadLink($"/proc/{name}/fd/{d}").Value ?? ""));
                foreach (var (descriptor, path) in links.DistinctBy(link => link.Path))
                {
                    string? number = path.StartsWith("/dev/", StringComparison.Ordinal) ? NumberOf(files, $"/proc/{name}/fd/{descriptor}") : null;
                    ImmutableArray<PciAddress> owners = number is null ? [] : numbers.GetValueOrDefault(number, []);
                    OpenHandle Handle() => new(process, files.ReadText($"/proc/{name}/comm").Value, path);
                    found.AddRange((owners.IsEmpty ? OwnersOf(path, nodes) : owners).Select(address => (address, Handle())));
                    if (number is not null && !numbers.ContainsKey(number) && IsOrphan(path))
                    {
                        orphans.Add(Handle());
                    }
                }
            }

            return new Found(found.ToLookup(f => f.Owner, f => f.Handle), orphans.ToImmutable(), unreadable);
        });
    }

    // A driver takes its nodes away first when it is told to let go; then nothing but the name says whose it was. A node of a
    // device that is there can be gone, too, because it lies in another file system (a container's /dev/console).
    private static bool IsOrphan(string path) =>
        path.EndsWith(Gone, StringComparison.Ordinal) && !path.StartsWith(Terminals, StringComparison.Ordinal);

    private static string? NumberOf(ISysfs files, string descriptor) =>
        files.TryStatus(descriptor, out var status) == Errno.Success && status.DeviceNumber is { } number
            ? $"{(status.Kind == FileKind.BlockDevice ? Blocks : Characters)}/{number}"
            : null;

    // By the path of their links: the same number is another device among the block devices.
    private static Dictionary<string, ImmutableArray<PciAddress>> Numbers(ISysfs files, Fact<BlockGraph> blocks)
    {
        var numbers = new Dictionary<string, ImmutableArray<PciAddress>>(StringComparer.Ordinal);
        foreach (string directory in (string[])[Characters, Blocks])
        {
            Fact<ImmutableArray<ClassLinks.Entry>> entries = ClassLinks.Read(files, directory);
            foreach (ClassLinks.Entry entry in entries.IsKnown ? entries.Value : [])
            {
                numbers[$"{directory}/{entry.Name}"] = entry.Owner is { } owner ? [owner] : [];
            }
        }

        // A volume, an array, and an NVMe disk of several paths lie in no function's directory, and stand on one all the same.
        foreach (var (number, owners) in blocks.IsKnown ? blocks.Value!.Owners() : [])
        {
            numbers[$"{Blocks}/{number}"] = owners;
        }

        return numbers;
    }

    private static IEnumerable<PciAddress> OwnersOf(string path, ILookup<string, PciAddress> nodes)
    {
        if (path.StartsWith("/dev/", StringComparison.Ordinal))
        {
            return nodes[path];
        }

        // Registers and ROM can be mapped through sysfs; attributes that are merely read hold nothing.
        return path.StartsWith("/sys/devices/", StringComparison.Ordinal)
            && path[(path.LastIndexOf('/') + 1)..] is var file && (file.StartsWith("resource", StringComparison.Ordinal) || file == "rom")
            && ClassLinks.OwnerOf(path) is { } owner ? [owner] : [];
    }

    private static IEnumerable<(string Path, PciAddress Owner)> Nodes(ISysfs files)
    {
        // VFIO's group node stands for all functions of the group.
        Fact<ImmutableArray<string>> groups = files.List("/dev/vfio");
        foreach (string group in groups.IsKnown ? groups.Value : [])
        {
            string number = group.StartsWith("noiommu-", StringComparison.Ordinal) ? group["noiommu-".Length..] : group;
            Fact<ImmutableArray<string>> members = files.List($"/sys/kernel/iommu_groups/{number}/devices");
            foreach (string member in members.IsKnown ? members.Value : [])
            {
                if (PciAddress.TryParse(member, out PciAddress address))
                {
                    yield return ($"/dev/vfio/{group}", address);
                }
            }
        }

        // NVIDIA's own driver registers no class; it says its minor numbers itself.
        Fact<ImmutableArray<string>> cards = files.List("/proc/driver/nvidia/gpus");
        foreach (string card in cards.IsKnown ? cards.Value : [])
        {
            if (PciAddress.TryParse(card, out PciAddress address) && NvidiaMinor(files.ReadText($"/proc/driver/nvidia/gpus/{card}/information").Value) is { } minor)
            {
                yield return ($"/dev/nvidia{minor}", address);
            }
        }
    }

    private static string? NvidiaMinor(string? information) => Value(information, "Device Minor:");

    private static string? Value(string? text, string key) => text?.Split('\n')
        .Where(l => l.StartsWith(key, StringComparison.Ordinal))
        .Select(l => l[key.Length..].Trim())
        .FirstOrDefault();
}
