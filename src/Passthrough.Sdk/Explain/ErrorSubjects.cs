using System.Buffers;
using System.Collections.Immutable;
using System.Globalization;
using Passthrough.Sdk.Pci;

namespace Passthrough.Sdk.Explain;

/// <summary>The things that a text names: PCI functions of the host, IOMMU groups, and what may be a domain's name.</summary>
/// <param name="Devices">Addresses with their domain, and those after <c>host=</c>, in the order of the text.</param>
/// <param name="ShortAddresses">Addresses without a domain, which can also be times or the guest's own.</param>
/// <param name="Groups">Numbers of IOMMU groups.</param>
/// <param name="Names">What stands in quotes or after <c>domain</c>, the likeliest name of a domain first.</param>
internal sealed record ErrorSubjects(
    ImmutableArray<PciAddress> Devices, ImmutableArray<PciAddress> ShortAddresses, ImmutableArray<int> Groups, ImmutableArray<string> Names)
{
    private const int MostOfAKind = 64;
    private static readonly SearchValues<char> AddressCharacters = SearchValues.Create("0123456789abcdefABCDEF:.");
    private static readonly SearchValues<char> NodeCharacters = SearchValues.Create("0123456789abcdef_");
    private static readonly SearchValues<char> NameEnds = SearchValues.Create("'\", :)");
    private static readonly string[] GroupWords = ["group ", "/vfio/", "iommu_group/", "iommu_groups/", "noiommu-"];
    private static readonly string[] NameWords = ["guest=", "vm='", "domain '", "domain \"", "name '", "domain: ", "domain "];

    /// <summary>Looks for them in lines.</summary>
    public static ErrorSubjects In(IEnumerable<string> lines)
    {
        List<PciAddress> devices = [], shorts = [];
        List<int> groups = [];
        List<string> names = [];
        foreach (var line in lines)
        {
            AddAddresses(line, devices, shorts);
            AddNodeDevices(line, devices);
            foreach (var word in GroupWords)
            {
                AddNumbers(line, word, groups);
            }

            AddNames(line, names);
        }

        return new([.. devices.Distinct().Take(MostOfAKind)], [.. shorts.Distinct().Take(MostOfAKind)], [.. groups.Distinct().Take(MostOfAKind)], [.. names.Distinct().Take(MostOfAKind)]);
    }

    private static void AddAddresses(ReadOnlySpan<char> line, List<PciAddress> devices, List<PciAddress> shorts)
    {
        while (line.IndexOfAny(AddressCharacters) is >= 0 and var begin)
        {
            var afterHost = line[..begin].EndsWith("host=") || line[..begin].EndsWith("host\":\"");
            line = line[begin..];
            var end = line.IndexOfAnyExcept(AddressCharacters);
            var run = (end < 0 ? line : line[..end]).Trim(":.");
            line = end < 0 ? [] : line[end..];
            if (run.Length is < 5 or > 24 || !run.Contains('.'))
            {
                continue;
            }

            // "device:0000:01:00.0": the letters before are hexadecimal digits too.
            if (run.Count(':') > 2)
            {
                run = run[(run.IndexOf(':') + 1)..];
            }

            if (PciAddress.TryParse(run, null, out var address))
            {
                (run.Count(':') == 2 || afterHost ? devices : shorts).Add(address);
            }
        }
    }

    // libvirt's names of node devices: pci_0000_01_00_0
    private static void AddNodeDevices(ReadOnlySpan<char> line, List<PciAddress> devices)
    {
        while (line.IndexOf("pci_") is >= 0 and var begin)
        {
            line = line[begin..];
            var end = 4 + line[4..].IndexOfAnyExcept(NodeCharacters);
            if (PciAddress.TryParseNodeDeviceName(end < 4 ? line : line[..end], out var address))
            {
                devices.Add(address);
            }

            line = line[4..];
        }
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

    private static void AddNames(ReadOnlySpan<char> line, List<string> names)
    {
        foreach (var word in NameWords)
        {
            if (line.IndexOf(word, StringComparison.OrdinalIgnoreCase) is >= 0 and var begin)
            {
                var rest = line[(begin + word.Length)..];
                AddName(rest[..(rest.IndexOfAny(NameEnds) is >= 0 and var end ? end : rest.Length)], names);
            }
        }

        if (line.IndexOf("/libvirt/qemu/") is >= 0 and var log && line[(log + 14)..] is var file && file.IndexOf(".log") is > 0 and var dot)
        {
            AddName(file[..dot], names);
        }

        // A translation keeps the quotes: "Start der Domain 'x' fehlgeschlagen".
        while (line.IndexOf('\'') is >= 0 and var open)
        {
            line = line[(open + 1)..];
            if (line.IndexOf('\'') is >= 0 and var close)
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
