using System.Globalization;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Sysfs;

namespace Passthrough.Sdk.Host.Usage;

/// <summary>Reads of /proc/iomem whose memory the frame buffer lies in that the firmware set up.</summary>
/// <remarks>
/// Lines are <c>  c0000000-c0ffffff : 0000:00:01.0</c>, two blanks deeper for what lies within. An ordinary user sees zeros for all
/// numbers, and the same lines.
/// </remarks>
internal static class MemoryMap
{
    private static readonly string[] Marks = ["BOOTFB", "efifb", "vesafb", "simplefb", "simpledrm", "simple-framebuffer", "ofdrm"];

    /// <summary>The names of such frame buffers by function.</summary>
    public static Fact<ILookup<PciAddress, string>> BootFramebuffers(Fact<string> map) =>
        map.Select(text => Owners(text).Distinct().ToLookup(found => found.Owner, found => found.Name))
            is var found && found.IsAbsent ? Fact.Unknown<ILookup<PciAddress, string>>(map.Source, "no such file") : found;

    private static IEnumerable<(PciAddress Owner, string Name)> Owners(string text)
    {
        var lines = text.Split('\n').Select(Line.Parse).OfType<Line>().ToList();
        for (var i = 0; i < lines.Count; i++)
        {
            if (!Marks.Any(mark => lines[i].Name.StartsWith(mark, StringComparison.OrdinalIgnoreCase)))
            {
                continue;
            }

            // Usually it lies within the function's range; where the kernel took it first the range lies within it.
            if ((Above(lines, i) ?? Below(lines, i) ?? Overlapping(lines, i)) is { } owner)
            {
                yield return (owner, lines[i].Name);
            }
        }
    }

    private static PciAddress? Above(List<Line> lines, int index)
    {
        var depth = lines[index].Depth;
        for (var i = index - 1; i >= 0 && depth > 0; i--)
        {
            if (lines[i].Depth < depth)
            {
                depth = lines[i].Depth;
                if (lines[i].Address is { } address)
                {
                    return address;
                }
            }
        }

        return null;
    }

    private static PciAddress? Below(List<Line> lines, int index) => lines.Skip(index + 1)
        .TakeWhile(line => line.Depth > lines[index].Depth)
        .Select(line => line.Address)
        .FirstOrDefault(address => address is not null);

    private static PciAddress? Overlapping(List<Line> lines, int index) => lines
        .Where(line => line.Address is not null && line.Last > 0 && line.First <= lines[index].Last && line.Last >= lines[index].First)
        .Select(line => line.Address)
        .FirstOrDefault();

    private sealed record Line(int Depth, ulong First, ulong Last, string Name)
    {
        public PciAddress? Address => PciAddress.TryParse(Name, out var address) && Name.Contains(':', StringComparison.Ordinal) ? address : null;

        public static Line? Parse(string text)
        {
            var colon = text.IndexOf(" : ", StringComparison.Ordinal);
            var dash = text.IndexOf('-', StringComparison.Ordinal);
            return colon > 0 && dash > 0 && dash < colon
                && ulong.TryParse(text.AsSpan(0, dash).Trim(), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var first)
                && ulong.TryParse(text.AsSpan(dash + 1, colon - dash - 1), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var last)
                ? new Line(text.Length - text.TrimStart(' ').Length, first, last, text[(colon + 3)..].Trim())
                : null;
        }
    }
}
