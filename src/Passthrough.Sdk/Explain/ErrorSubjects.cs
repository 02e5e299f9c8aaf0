using System.Buffers;
using System.Globalization;
using Passthrough.Sdk.Explain.Text;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Pci;

namespace Passthrough.Sdk.Explain;

/// <summary>The objects that a text names: PCI functions of the host, IOMMU groups, and possible names of a domain.</summary>
/// <param name="Devices">Addresses with their PCI domain, and those after <c>host=</c>, in the order of the text.</param>
/// <param name="ShortAddresses">Addresses without a PCI domain, which can also be times or addresses in the guest.</param>
/// <param name="Groups">Numbers of IOMMU groups.</param>
/// <param name="Parents">Physical devices in the path to a mediated device.</param>
/// <param name="DeviceNodes">Names of VFIO nodes of single devices, <c>vfio0</c>.</param>
/// <param name="Names">Words in quotes or after <c>domain</c>, the most likely name of a domain first.</param>
internal sealed record ErrorSubjects(
    ValueList<PciAddress> Devices, ValueList<PciAddress> ShortAddresses, ValueList<int> Groups, ValueList<PciAddress> Parents,
    ValueList<string> DeviceNodes, ValueList<string> Names)
{
    private const int MostOfAKind = 64;
    private static readonly SearchValues<char> NameEnds = SearchValues.Create("'\", :)");
    private static readonly string[] GroupWords = ["group ", "/vfio/", "iommu_group/", "iommu_groups/", "noiommu-"];
    private static readonly string[] NameWords = ["guest=", "vm='", "domain '", "domain \"", "name '", "domain: ", "domain "];

    /// <summary>Finds them in lines.</summary>
    public static ErrorSubjects In(IEnumerable<string> lines)
    {
        List<PciAddress> devices = [], shorts = [], parents = [];
        List<int> groups = [];
        List<string> names = [], nodes = [];
        foreach (var line in lines)
        {
            PciAddressScanner.Add(LinePrefix.WithoutTimes(line), devices, shorts, parents);
            foreach (var word in GroupWords)
            {
                AddNumbers(line, word, groups);
            }

            AddNodes(line, nodes);
            AddNames(line, names);
        }

        return new([.. devices.Distinct().Take(MostOfAKind)], [.. shorts.Distinct().Take(MostOfAKind)], [.. groups.Distinct().Take(MostOfAKind)],
            [.. parents.Distinct().Take(MostOfAKind)], [.. nodes.Distinct().Take(MostOfAKind)], [.. names.Distinct().Take(MostOfAKind)]);
    }

    private static void AddNumbers(ReadOnlySpan<char> line, string word, List<int> numbers)
    {
        while (line.IndexOf(word, StringComparison.OrdinalIgnoreCase) is >= 0 and var begin)
        {
            line = line[(begin + word.Length)..];
            var end = line.IndexOfAnyExceptInRange('0', '9');
            if (int.TryParse(end < 0 ? line : line[..end], NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            {
                numbers.Add(number);
            }
        }
    }

    // "/dev/vfio/devices/vfio0"
    private static void AddNodes(ReadOnlySpan<char> line, List<string> nodes)
    {
        while (line.IndexOf("/vfio/devices/vfio") is >= 0 and var begin)
        {
            line = line[(begin + 14)..];
            var end = 4;
            while (end < line.Length && end < 12 && char.IsAsciiDigit(line[end]))
            {
                end++;
            }

            nodes.Add(line[..end].ToString());
        }
    }

    private static void AddNames(ReadOnlySpan<char> line, List<string> names)
    {
        foreach (var word in NameWords)
        {
            if (line.IndexOf(word, StringComparison.OrdinalIgnoreCase) is >= 0 and var begin)
            {
                var rest = line[(begin + word.Length)..];
                rest = rest.TrimStart("'\"");
                AddName(rest[..(rest.IndexOfAny(NameEnds) is >= 0 and var end ? end : rest.Length)], names);
            }
        }

        if (line.IndexOf("/libvirt/qemu/") is >= 0 and var log && line[(log + 14)..] is var file && file.IndexOf(".log") is > 0 and var dot)
        {
            AddName(file[..dot], names);
        }

        // A translation keeps the quotes: "Start der Domain 'x' fehlgeschlagen".
        while (line.IndexOfAny('\'', '"') is >= 0 and var open)
        {
            var quote = line[open];
            line = line[(open + 1)..];
            if (line.IndexOf(quote) is >= 0 and var close)
            {
                AddName(line[..close], names);
                line = line[(close + 1)..];
            }
        }
    }

    private static void AddName(ReadOnlySpan<char> name, List<string> names)
    {
        name = name.Trim();
        if (name.Length is > 0 and < 200 && !name.Contains('/') && !name.ContainsAnyInRange('\0', '\x1f') && name is not ("." or "..") && names.Count < 2 * MostOfAKind)
        {
            names.Add(name.ToString());
        }
    }
}
