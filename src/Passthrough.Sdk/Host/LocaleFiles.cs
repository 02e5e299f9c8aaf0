using Passthrough.Sdk.Sysfs;

namespace Passthrough.Sdk.Host;

/// <summary>The catalogues of translated messages that a host has.</summary>
/// <remarks>Source: <c>/usr/share/locale/LANGUAGE/LC_MESSAGES/DOMAIN.mo</c>, and where Ubuntu, openSUSE and NixOS keep them. Thread safety: pure but for the files.</remarks>
internal static class LocaleFiles
{
    private const int LargestFile = 8 << 20;
    private const long MostBytes = 256L << 20;
    private const int MostLanguages = 512;
    private static readonly string[] Roots =
        ["/usr/share/locale", "/usr/share/locale-langpack", "/usr/share/locale-bundle", "/usr/local/share/locale", "/run/current-system/sw/share/locale"];

    // libvirt's own (virsh too), virt-manager's, the reasons of the C library, and what bash says of a failed write.
    private static readonly string[] Domains = ["libvirt", "virt-manager", "libc", "bash"];

    /// <summary>The catalogues, one after the other, so that one of them is in memory at a time.</summary>
    /// <param name="files">The host's files.</param>
    public static IEnumerable<(string Path, byte[] Content)> Read(ISysfs files)
    {
        var left = MostBytes;
        foreach (var root in Roots)
        {
            var languages = new List<string>();
            if (files.TryList(root, languages) != 0)
            {
                continue;
            }

            languages.Sort(StringComparer.Ordinal);
            foreach (var language in languages.Where(language => language is not "en" && !language.StartsWith("en_", StringComparison.Ordinal) && !language.StartsWith("en@", StringComparison.Ordinal)).Take(MostLanguages))
            {
                foreach (var domain in Domains)
                {
                    var path = $"{root}/{language}/LC_MESSAGES/{domain}.mo";
                    if (left > 0 && files.TryReadAll(path, LargestFile, out var content) == 0)
                    {
                        left -= content.Length;
                        yield return (path, content);
                    }
                }
            }
        }
    }
}
