using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Sysfs;

namespace Passthrough.Sdk.Host;

/// <summary>Reads <see cref="PcibackStatus"/> from a host's files.</summary>
/// <remarks>Source: drivers/xen/xen-pciback/pci_stub.c: slots_show, permissive_show, quirks_show.</remarks>
internal static class PcibackReader
{
    /// <summary>The folder of the driver.</summary>
    public const string Driver = "/sys/bus/pci/drivers/pciback";

    /// <summary>The file with the addresses that it takes.</summary>
    public const string Slots = $"{Driver}/slots";

    private const string Parameters = "/sys/module/xen_pciback/parameters";

    /// <summary>The state where this is not dom0.</summary>
    public static PcibackStatus None { get; } = new()
    {
        Slots = Fact.Absent<ValueList<PciAddress>>(Driver),
        Permissive = Fact.Absent<ValueList<PciAddress>>(Driver),
        IsPermissiveForAll = Fact.Absent<bool>(Parameters),
        Quirks = Fact.Absent<ValueList<PcibackQuirk>>(Driver),
        Hide = Fact.Absent<string>(Parameters),
    };

    public static PcibackStatus Read(ISysfs files)
    {
        var hide = files.ReadText($"{Parameters}/hide");
        return new PcibackStatus
        {
            Slots = files.ReadText(Slots).Select(Addresses),
            Permissive = files.ReadText($"{Driver}/permissive").Select(Addresses),
            IsPermissiveForAll = files.ReadText($"{Parameters}/permissive").Select(flag => flag == "Y"),
            Quirks = files.ReadText($"{Driver}/quirks").Select(Quirks),
            Hide = hide is { IsKnown: true, Value: "(null)" or "" } ? Fact.Absent<string>(hide.Source) : hide,
        };
    }

    /// <summary>Reads a list of addresses as the kernel writes it, one a line.</summary>
    public static ValueList<PciAddress> Addresses(string list) =>
        [.. list.Split((char[])['\n', ' '], StringSplitOptions.RemoveEmptyEntries).Where(line => PciAddress.TryParse(line, out _)).Select(line => PciAddress.Parse(line))];

    // A device, then its ids and its fields, each in a line that begins with a tab or two.
    private static ValueList<PcibackQuirk> Quirks(string text)
    {
        var quirks = new List<PcibackQuirk>();
        foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line[0] != '\t')
            {
                quirks.Add(new(line.Trim(), []));
            }
            else if (line.StartsWith("\t\t", StringComparison.Ordinal) && quirks.Count > 0)
            {
                quirks[^1] = quirks[^1] with { Fields = [.. quirks[^1].Fields, line.Trim()] };
            }
        }

        return quirks.ToValueList();
    }
}
