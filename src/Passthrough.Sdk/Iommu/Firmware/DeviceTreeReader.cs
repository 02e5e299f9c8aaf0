using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Sysfs;

namespace Passthrough.Sdk.Iommu.Firmware;

/// <summary>Looks for IOMMUs in a device tree.</summary>
internal static class DeviceTreeReader
{
    private const string Base = "/sys/firmware/devicetree/base";
    private const int MostNodes = 20_000;
    private const int MostLevels = 8;

    /// <summary>By what the drivers of Linux call them: Arm's own, and those that other makers put in its place.</summary>
    private static readonly ValueList<string> Marks =
        ["smmu", "arm,mmu-400", "arm,mmu-401", "arm,mmu-500", "iommu", "apple,t8103-dart", "apple,t8110-dart", "apple,t6000-dart", "nvidia,smmu-500"];

    public static Fact<ValueList<DeviceTreeIommu>> Read(ISysfs files) => files.List(Base).Select(_ =>
    {
        var found = new List<DeviceTreeIommu>();
        var budget = MostNodes;
        Walk(files, "", 0, ref budget, found);
        return found.ToValueList();
    });

    private static void Walk(ISysfs files, string path, int level, ref int budget, List<DeviceTreeIommu> found)
    {
        var names = files.List(Base + path);
        if (!names.IsKnown || level > MostLevels)
        {
            return;
        }

        // A node with registers is written name@address; the few without one that hold others are buses.
        if (names.Value.Contains("compatible") && files.ReadText($"{Base}{path}/compatible").Value is { } compatible
            && Strings(compatible) is var list && list.Any(IsIommu))
        {
            var status = files.ReadText($"{Base}{path}/status").Value;
            found.Add(new DeviceTreeIommu(path, list, status is null or "okay" or "ok"));
        }

        foreach (var name in names.Value)
        {
            if (budget-- <= 0)
            {
                return;
            }

            var child = $"{path}/{name}";
            if (files.TryStatus(Base + child, out var status) == Errno.Success && status.Kind == FileKind.Directory)
            {
                Walk(files, child, level + 1, ref budget, found);
            }
        }
    }

    internal static ValueList<string> Strings(string property) => [.. property.Split('\0', StringSplitOptions.RemoveEmptyEntries)];

    internal static bool IsIommu(string compatible) => Marks.Any(mark => compatible.Contains(mark, StringComparison.Ordinal))
        && !compatible.Contains("iommu-map", StringComparison.Ordinal) && !compatible.Contains("pmu", StringComparison.Ordinal);
}
