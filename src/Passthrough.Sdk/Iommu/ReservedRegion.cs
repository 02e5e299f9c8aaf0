using System.Globalization;
using System.Text;
using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.Iommu;

/// <summary>A range of I/O addresses that a group's devices cannot use for memory.</summary>
/// <param name="First">The first address.</param>
/// <param name="Last">The last address, within the range.</param>
/// <param name="Type">Why it is reserved.</param>
/// <param name="TypeName">The kernel's word: <c>direct</c>, <c>direct-relaxable</c>, <c>msi</c>, <c>reserved</c>.</param>
/// <remarks>Source: a line of <c>/sys/kernel/iommu_groups/N/reserved_regions</c> (kernel: Documentation/ABI/testing/sysfs-kernel-iommu_groups).</remarks>
public sealed record ReservedRegion(ulong First, ulong Last, ReservedRegionType Type, string TypeName)
{
    /// <summary>Parses the lines of the kernel's file; invalid lines are ignored.</summary>
    internal static ValueList<ReservedRegion> ParseAll(ReadOnlySpan<byte> content)
    {
        var text = Encoding.UTF8.GetString(content).AsSpan();
        var regions = new List<ReservedRegion>();
        Span<Range> words = stackalloc Range[4];
        foreach (var line in text.EnumerateLines())
        {
            if (line.Split(words, ' ', StringSplitOptions.RemoveEmptyEntries) == 3
                && TryHex(line[words[0]], out var first)
                && TryHex(line[words[1]], out var last))
            {
                var (type, name) = TypeOf(line[words[2]]);
                regions.Add(new ReservedRegion(first, last, type, name));
            }
        }

        return regions.ToValueList();
    }

    private static (ReservedRegionType Type, string Name) TypeOf(ReadOnlySpan<char> word) => word switch
    {
        "direct" => (ReservedRegionType.Direct, "direct"),
        "direct-relaxable" => (ReservedRegionType.DirectRelaxable, "direct-relaxable"),
        "reserved" => (ReservedRegionType.Reserved, "reserved"),
        "msi" => (ReservedRegionType.Msi, "msi"),
        _ => (ReservedRegionType.Other, word.ToString()),
    };

    private static bool TryHex(ReadOnlySpan<char> word, out ulong value)
    {
        value = 0;
        return word.StartsWith("0x", StringComparison.OrdinalIgnoreCase)
            && ulong.TryParse(word[2..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value);
    }
}
