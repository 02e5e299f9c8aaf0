using System.Collections.Immutable;
using System.Globalization;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Sysfs;

namespace Passthrough.Sdk.Host.Usage;

/// <summary>Finds which processes have nodes of PCI functions open: a look at every descriptor of every process.</summary>
internal static class OpenHandleReader
{
    private static readonly ImmutableArray<string> Directories = ["/sys/dev/char", "/sys/dev/block"];

    /// <summary>The handles by function, and how many processes could not be looked at.</summary>
    public static Fact<(ILookup<PciAddress, OpenHandle> Handles, int Unreadable)> Read(ISysfs files)
    {
        ILookup<string, PciAddress> nodes = Nodes(files).ToLookup(n => n.Path, n => n.Owner, StringComparer.Ordinal);
        return files.List("/proc").Select(names =>
        {
            var found = new List<(PciAddress Owner, OpenHandle Handle)>();
            int unreadable = 0;
            foreach (string name in names)
            {
                if (!int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out int process))
                {
                    continue;
                }

                Fact<ImmutableArray<string>> descriptors = files.List($"/proc/{name}/fd");
                unreadable += descriptors.IsUnknown ? 1 : 0;
                foreach (string path in (descriptors.IsKnown ? descriptors.Value : []).Select(d => files.ReadLink($"/proc/{name}/fd/{d}").Value).OfType<string>().Distinct())
                {
                    foreach (PciAddress owner in OwnersOf(path, nodes))
                    {
                        found.Add((owner, new OpenHandle(process, files.ReadText($"/proc/{name}/comm").Value, path)));
                    }
                }
            }

            return (found.ToLookup(f => f.Owner, f => f.Handle), unreadable);
        });
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
        foreach (string directory in Directories)
        {
            Fact<ImmutableArray<ClassLinks.Entry>> entries = ClassLinks.Read(files, directory);
            foreach (ClassLinks.Entry entry in entries.IsKnown ? entries.Value : [])
            {
                if (entry.Owner is { } owner && DeviceName(files.ReadText($"{directory}/{entry.Name}/uevent").Value) is { } name)
                {
                    yield return ($"/dev/{name}", owner);
                }
            }
        }

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

    private static string? DeviceName(string? uevent) => Value(uevent, "DEVNAME=");

    private static string? NvidiaMinor(string? information) => Value(information, "Device Minor:");

    private static string? Value(string? text, string key) => text?.Split('\n')
        .Where(l => l.StartsWith(key, StringComparison.Ordinal))
        .Select(l => l[key.Length..].Trim())
        .FirstOrDefault();
}
