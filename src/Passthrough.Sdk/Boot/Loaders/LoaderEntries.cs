using System.Text;
using Passthrough.Sdk.Boot.Files;
using Passthrough.Sdk.Boot.Text;

namespace Passthrough.Sdk.Boot.Loaders;

/// <summary>The entries of the Boot Loader Specification (type 1): <c>loader/entries/*.conf</c>.</summary>
internal static class LoaderEntries
{
    private const string Variable = "$kernelopts";

    private static readonly string[] Homes = ["/boot/loader/entries", "/efi/loader/entries", "/boot/efi/loader/entries", "/esp/loader/entries"];

    /// <summary>This system's Linux entries, the newest first; rescue entries are left as they are, to have a way back.</summary>
    public static IReadOnlyList<string> Find(BootFiles host)
    {
        string? machine = host.TryText("/etc/machine-id")?.Trim();
        var found = new List<(string Path, string Version)>();
        foreach (string path in Homes.SelectMany(home => host.List(home, ".conf")))
        {
            if (host.TryText(path) is not { } text || !Values(text, "linux").Any() || path.Contains("rescue", StringComparison.OrdinalIgnoreCase)
                || path.Contains("recovery", StringComparison.OrdinalIgnoreCase))
                continue;
            string? owner = Values(text, "machine-id").FirstOrDefault();
            if (owner is null || machine is not { Length: > 0 } || owner == machine)
                found.Add((path, Values(text, "version").FirstOrDefault() ?? Path.GetFileName(path)));
        }

        return [.. found.OrderByDescending(e => e.Version, VersionOrder.Instance).ThenBy(e => e.Path, StringComparer.Ordinal).Select(e => e.Path)];
    }

    /// <summary>An entry's command line, with GRUB's variable put in.</summary>
    public static string Options(BootFiles host, string path)
    {
        string text = Encoding.Latin1.GetString(host.Read(path) ?? []);
        string options = string.Join(' ', Values(text, "options"));
        return options.Contains(Variable, StringComparison.Ordinal) && GrubEnvironment.Find(host) is { } block
            ? options.Replace(Variable, GrubEnvironment.Get(Encoding.Latin1.GetString(host.Read(block)!), "kernelopts") ?? "", StringComparison.Ordinal)
            : options;
    }

    public static void Plan(BootPlanBuilder plan, string path, BootChange change)
    {
        string text = plan.ReadText(path) ?? "";
        if (Values(text, "options").Any(v => v.Contains(Variable, StringComparison.Ordinal)))
            PlanVariable(plan, path, change);
        else
            plan.WriteText(path, KeyedLines.EditTogether(text, "options", change));
    }

    private static void PlanVariable(BootPlanBuilder plan, string entry, BootChange change)
    {
        if (GrubEnvironment.Find(plan.Host) is not { } block || plan.ReadText(block) is not { } text || GrubEnvironment.Get(text, "kernelopts") is not { } value)
            throw new BootException($"{entry}: its command line is GRUB's variable kernelopts, which no environment block sets - run grubby --update-kernel=ALL by hand.");
        plan.WriteText(block, GrubEnvironment.Set(text, "kernelopts", CommandLineEdit.Apply(value, change), block));
    }

    private static IEnumerable<string> Values(string text, string key) => KeyedLines.Find(text, key).Select(line => line.Value);
}
