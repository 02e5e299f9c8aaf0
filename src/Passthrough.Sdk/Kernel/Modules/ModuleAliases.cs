using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.Kernel.Modules;

/// <summary>The modules that declare support for devices: modules.alias.</summary>
/// <remarks>Source: /lib/modules/RELEASE/modules.alias, which depmod writes. Thread safety: immutable.</remarks>
public sealed class ModuleAliases
{
    private const string VfioBus = "vfio_pci:";
    private const string PciBus = "pci:";
    private readonly Dictionary<string, ValueList<(string Pattern, string Module)>> _byBus;

    private ModuleAliases(Dictionary<string, ValueList<(string, string)>> byBus) => _byBus = byBus;

    /// <summary>Reads the aliases of PCI drivers and of VFIO's variants of them; all others are ignored.</summary>
    /// <param name="text">The text of modules.alias, lines of <c>alias PATTERN MODULE</c>.</param>
    /// <exception cref="ArgumentNullException"><paramref name="text"/> is null.</exception>
    public static ModuleAliases Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var buses = new Dictionary<string, List<(string, string)>>(StringComparer.Ordinal)
        {
            [PciBus] = new List<(string, string)>(),
            [VfioBus] = new List<(string, string)>(),
        };
        foreach (var line in text.AsSpan().EnumerateLines())
        {
            if (!line.StartsWith("alias "))
            {
                continue;
            }

            var rest = line["alias ".Length..];
            var bus = rest.StartsWith(PciBus) ? PciBus : rest.StartsWith(VfioBus) ? VfioBus : null;
            var blank = rest.LastIndexOf(' ');
            if (bus is not null && blank > 0)
            {
                buses[bus].Add((rest[..blank].TrimEnd().ToString(), KernelNames.Canonical(rest[(blank + 1)..].ToString())));
            }
        }

        return new ModuleAliases(buses.ToDictionary(b => b.Key, b => b.Value.ToValueList(), StringComparer.Ordinal));
    }

    /// <summary>Returns the modules that can drive a device, in the order of the file and each once, as <c>modprobe --resolve-alias</c> finds them.</summary>
    /// <param name="modalias">The device's modalias, <c>pci:v00008086d000010D3sv...</c>; with <c>vfio_pci:</c> for <c>pci:</c> the variant drivers.</param>
    /// <exception cref="ArgumentNullException"><paramref name="modalias"/> is null.</exception>
    public ValueList<string> Candidates(string modalias)
    {
        ArgumentNullException.ThrowIfNull(modalias);
        return [.. Matching(modalias).Select(a => a.Module).Distinct(StringComparer.Ordinal)];
    }

    /// <summary>
    /// Returns the VFIO driver made for a device (<c>mlx5_vfio_pci</c>), as libvirt chooses it: the one whose pattern has the fewest
    /// wildcards. Null if only vfio-pci itself is for it.
    /// </summary>
    /// <param name="modalias">The device's modalias, beginning with <c>pci:</c> or <c>vfio_pci:</c>.</param>
    /// <exception cref="ArgumentNullException"><paramref name="modalias"/> is null.</exception>
    public string? VfioVariant(string modalias)
    {
        ArgumentNullException.ThrowIfNull(modalias);
        var device = modalias.StartsWith(PciBus, StringComparison.Ordinal) ? VfioBus + modalias[PciBus.Length..] : modalias;
        return Matching(device).Where(a => a.Module != "vfio_pci").OrderBy(a => AliasPattern.Wildcards(a.Pattern)).Select(a => a.Module).FirstOrDefault();
    }

    private IEnumerable<(string Pattern, string Module)> Matching(string modalias)
    {
        var bus = modalias[..(modalias.IndexOf(':', StringComparison.Ordinal) + 1)];
        return _byBus.TryGetValue(bus, out var aliases)
            ? aliases.Where(a => AliasPattern.Matches(a.Pattern, modalias))
            : [];
    }
}
