using System.Text;
using Passthrough.Sdk.Boot.Files;
using Passthrough.Sdk.Boot.Text;
using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.Boot.Loaders;

/// <summary>The entries of the Boot Loader Specification (type 1), <c>loader/entries/*.conf</c>, as systemd-boot reads them.</summary>
/// <remarks>systemd, src/boot/boot.c: the values of all <c>options</c> lines are joined. GRUB reads them otherwise (<see cref="GrubEntry"/>).</remarks>
internal static class LoaderEntries
{
    /// <summary>The word before an entry's command line.</summary>
    public const string Key = "options";

    private static readonly string[] Homes = ["/boot/loader/entries", "/efi/loader/entries", "/boot/efi/loader/entries", "/esp/loader/entries"];

    /// <summary>This system's Linux entries, the newest first; rescue entries are not changed and remain as a fallback.</summary>
    public static IReadOnlyList<string> Find(BootFiles host)
    {
        var machine = host.TryText("/etc/machine-id")?.Trim();
        var found = new List<(string Path, string Version)>();
        foreach (var path in Homes.SelectMany(home => host.List(home, ".conf")))
        {
            if (host.TryText(path) is not { } text || !Values(text, "linux").Any() || path.Contains("rescue", StringComparison.OrdinalIgnoreCase)
                || path.Contains("recovery", StringComparison.OrdinalIgnoreCase))
            {
                continue;
            }

            var owner = Values(text, "machine-id").FirstOrDefault();
            if (owner is null || machine is not { Length: > 0 } || owner == machine)
            {
                found.Add((path, Values(text, "version").FirstOrDefault() ?? Path.GetFileName(path)));
            }
        }

        return [.. found.OrderByDescending(e => e.Version, VersionOrder.Instance).ThenBy(e => e.Path, StringComparer.Ordinal).Select(e => e.Path)];
    }

    /// <summary>An entry's command line.</summary>
    public static string Options(BootFiles host, string path) => string.Join(' ', Values(Encoding.Latin1.GetString(host.Read(path) ?? []), Key));

    /// <summary>An entry's parameters with their places.</summary>
    public static IEnumerable<BootParameterPlace> Places(BootFiles host, string path) =>
        CommandLineText.Split(Options(host, path)).Select(t => new BootParameterPlace(t.Parameter, path, Key));

    /// <summary>Returns the fact that entries exist but cannot be read; null if none is hidden (on Fedora, ordinary users cannot read them).</summary>
    public static Fact<string>? WhyHidden(BootFiles host)
    {
        foreach (var home in Homes)
        {
            if (host.WhyNoList(home) is { } reason)
            {
                return Fact.Unknown<string>(home, reason);
            }
        }

        return null;
    }

    public static void Plan(BootDraftBuilder plan, string path, BootChange change) =>
        plan.WriteText(path, KeyedLines.EditTogether(plan.ReadText(path) ?? "", Key, change));

    private static IEnumerable<string> Values(string text, string key) => KeyedLines.Find(text, key, StringComparison.Ordinal).Select(line => line.Value);
}
