using System.Collections.Frozen;

namespace Passthrough.Sdk.Boot.Text;

/// <summary>What is known of parameters that take a list of words or only one value.</summary>
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

    private static readonly string[] SingleValued = ["vfio_pci.", "vfio_iommu_type1.", "kvm.", "kvm_intel.", "kvm_amd."];

    /// <summary>Whether the parameter's value is a list of words that the library knows.</summary>
    public static bool IsWordList(string name) => Opposites.ContainsKey(Normal(name));

    /// <summary>Whether only the last one counts, so that a new value takes the old one's place.</summary>
    public static bool IsSingleValued(string name) => SingleValued.Any(prefix => Normal(name).StartsWith(prefix, StringComparison.Ordinal));

    public static string[] Words(BootParameter parameter) =>
        parameter.Value is { Length: > 0 } value ? value.Split(',', StringSplitOptions.RemoveEmptyEntries) : [];

    /// <summary>Whether two words of the same parameter cannot both hold.</summary>
    public static bool AreOpposed(string name, string one, string other) =>
        one != other && Opposites.TryGetValue(Normal(name), out string[][]? sets) && sets.Any(set => set.Contains(one) && set.Contains(other));

    private static string Normal(string name) => name.Replace('-', '_');
}
