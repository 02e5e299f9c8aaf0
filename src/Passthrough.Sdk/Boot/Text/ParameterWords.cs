using System.Collections.Frozen;
using Passthrough.Sdk.Kernel;

namespace Passthrough.Sdk.Boot.Text;

/// <summary>The properties of parameters that take a list of words or only one value.</summary>
internal static class ParameterWords
{
    // Documentation/admin-guide/kernel-parameters.txt: words of one parameter that undo each other.
    private static readonly FrozenDictionary<string, string[][]> Opposites = new Dictionary<string, string[][]>
    {
        ["intel_iommu"] = [["on", "off"], ["sm_on", "sm_off"]],
        ["amd_iommu"] = [["on", "off"], ["on", "force_isolation"]],
        ["iommu"] = [["off", "on", "force", "soft"], ["force", "noforce"], ["pt", "nopt"], ["merge", "nomerge"]],
        ["iommu.passthrough"] = [["0", "1"], ["off", "on"], ["n", "y"]],
        ["iommu.strict"] = [["0", "1"], ["off", "on"], ["n", "y"]],
        ["intremap"] = [["on", "off"]],
    }.ToFrozenDictionary(StringComparer.Ordinal);

    // Words that nothing undoes: amd_iommu=off amd_iommu=on leaves the IOMMU off (drivers/iommu/amd/init.c,
    // parse_amd_iommu_options; arch/x86/kernel/pci-dma.c, iommu_setup).
    private static readonly FrozenDictionary<string, string[]> Sticky = new Dictionary<string, string[]>
    {
        ["amd_iommu"] = ["off"],
        ["iommu"] = ["off"],
    }.ToFrozenDictionary(StringComparer.Ordinal);

    // Names of which every occurrence counts: each is another console, another list of modules, another piece of memory.
    private static readonly FrozenSet<string> Accumulating = FrozenSet.ToFrozenSet(
    [
        "console", "earlycon", "earlyprintk", "pci", "memmap", "hugepages", "hugepagesz", "modprobe.blacklist", "initrd", "ip", "nameserver",
        "dyndbg", "acpi_osi", "video", "crashkernel", "reserve", "efi", "ifname", "bond", "bridge", "vlan", "team",
    ], StringComparer.Ordinal);

    private static readonly string[] AccumulatingPrefixes = ["rd.", "systemd.", "luks."];

    private static readonly string[] SingleValued = ["vfio_pci.", "vfio_iommu_type1.", "kvm.", "kvm_intel.", "kvm_amd."];

    /// <summary>Whether the parameter's value is a list of words that the library knows.</summary>
    public static bool IsWordList(string name) => Opposites.ContainsKey(KernelNames.Canonical(name));

    /// <summary>Whether only the last one counts, so that a new value takes the old one's place.</summary>
    public static bool IsSingleValued(string name) => SingleValued.Any(prefix => KernelNames.Canonical(name).StartsWith(prefix, StringComparison.Ordinal));

    /// <summary>Whether every occurrence of a parameter counts, and not only the last.</summary>
    public static bool Accumulates(string name)
    {
        var normal = KernelNames.Canonical(name);
        return Accumulating.Contains(normal) || normal.EndsWith(".dyndbg", StringComparison.Ordinal)
            || AccumulatingPrefixes.Any(prefix => normal.StartsWith(prefix, StringComparison.Ordinal));
    }

    /// <summary>Whether a command line with these occurrences of a parameter, in this order, has the effect of a wanted one.</summary>
    public static bool IsInForce(BootParameter wanted, IReadOnlyList<BootParameter> present)
    {
        if (present.Count == 0)
        {
            return false;
        }

        if (IsWordList(wanted.Name) && Words(wanted) is { Length: > 0 } words)
        {
            return words.All(word => Holds(wanted.Name, word, present));
        }

        return Accumulates(wanted.Name) ? present.Any(wanted.Matches) : present[^1].Matches(wanted);
    }

    /// <summary>Whether a word of a list holds in the end: none that undoes it comes behind it, and none that stays.</summary>
    private static bool Holds(string name, string word, IReadOnlyList<BootParameter> present)
    {
        var holds = false;
        foreach (var other in present.SelectMany(Words))
        {
            if (other == word)
            {
                holds = true;
            }
            else if (AreOpposed(name, word, other))
            {
                holds = false;
                if (IsSticky(name, other))
                {
                    return false;
                }
            }

            if (holds && IsSticky(name, word))
            {
                return true;
            }
        }

        return holds;
    }

    public static string[] Words(BootParameter parameter) =>
        parameter.Value is { Length: > 0 } value ? value.Split(',', StringSplitOptions.RemoveEmptyEntries) : [];

    /// <summary>Whether two words of the same parameter cannot both hold.</summary>
    public static bool AreOpposed(string name, string one, string other) =>
        one != other && Opposites.TryGetValue(KernelNames.Canonical(name), out var sets) && sets.Any(set => set.Contains(one) && set.Contains(other));

    private static bool IsSticky(string name, string word) => Sticky.TryGetValue(KernelNames.Canonical(name), out var words) && words.Contains(word);
}
