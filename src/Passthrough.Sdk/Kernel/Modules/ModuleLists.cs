using System.Collections.Frozen;
using System.Globalization;

namespace Passthrough.Sdk.Kernel.Modules;

/// <summary>Reads /proc/modules, modules.builtin and modules.dep.</summary>
internal static class ModuleLists
{
    /// <summary>Lines of <c>vfio_pci 16384 0 - Live 0x0000000000000000</c>; used-by lists end with a comma.</summary>
    public static FrozenDictionary<string, LoadedModule> Loaded(string text)
    {
        var modules = new Dictionary<string, LoadedModule>(StringComparer.Ordinal);
        foreach (var line in text.Split('\n'))
        {
            var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (words.Length < 2)
            {
                continue;
            }

            int? references = words.Length > 2 && int.TryParse(words[2], NumberStyles.None, CultureInfo.InvariantCulture, out var n) ? n : null;
            var users = words.Length > 3 && words[3] != "-" ? words[3].Split(',', StringSplitOptions.RemoveEmptyEntries) : [];
            var state = words.Length > 4 ? words[4] : "Live";
            modules[words[0]] = new LoadedModule(words[0], references, [.. users], state);
        }

        return modules.ToFrozenDictionary(StringComparer.Ordinal);
    }

    public static FrozenSet<string> BuiltIn(string text) =>
        text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(NameOf).ToFrozenSet(StringComparer.Ordinal);

    public static FrozenDictionary<string, string> Installed(string text)
    {
        var modules = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var line in text.AsSpan().EnumerateLines())
        {
            var colon = line.IndexOf(':');
            if (colon > 0)
            {
                var path = line[..colon].ToString();
                modules[NameOf(path)] = path;
            }
        }

        return modules.ToFrozenDictionary(StringComparer.Ordinal);
    }

    /// <summary><c>kernel/drivers/vfio/pci/vfio-pci.ko.zst</c> is vfio_pci.</summary>
    public static string NameOf(string path)
    {
        var file = path[(path.LastIndexOf('/') + 1)..].TrimEnd();
        var end = file.IndexOf(".ko", StringComparison.Ordinal);
        return KernelNames.Canonical(end < 0 ? file : file[..end]);
    }
}
