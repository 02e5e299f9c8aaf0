using System.Text;
using Passthrough.Sdk.Boot.Files;
using Passthrough.Sdk.Boot.Text;
using Passthrough.Sdk.Host;

namespace Passthrough.Sdk.Boot.Loaders;

/// <summary>The entries of the Boot Loader Specification (type 1): <c>loader/entries/*.conf</c>.</summary>
internal static class LoaderEntries
{
    /// <summary>The word before an entry's command line.</summary>
    public const string Key = "options";

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
        string options = string.Join(' ', Values(text, Key));
        if (!options.Contains('$', StringComparison.Ordinal) || GrubEnvironment.Find(host) is not { } block)
            return options;
        // GRUB puts in what its environment block holds: kernelopts, and tuned's tuned_params.
        string environment = Encoding.Latin1.GetString(host.Read(block)!);
        return string.Join(' ', options.Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select(word => word is ['$', .. var name] ? GrubEnvironment.Get(environment, name) ?? "" : word).Where(word => word.Length > 0));
    }

    /// <summary>An entry's parameters with their places: the entry itself, or GRUB's environment block.</summary>
    public static IEnumerable<BootParameterPlace> Places(BootFiles host, string path)
    {
        bool indirect = (host.TryText(path) ?? "").Contains(Variable, StringComparison.Ordinal);
        (string place, string key) = indirect && GrubEnvironment.Find(host) is { } block ? (block, "kernelopts") : (path, Key);
        return CommandLineText.Split(Options(host, path)).Select(t => new BootParameterPlace(t.Parameter, place, key));
    }

    /// <summary>The fact that entries are there and may not be looked at; null where none is hidden (Fedora keeps them from ordinary users).</summary>
    public static Fact<string>? WhyHidden(BootFiles host)
    {
        foreach (string home in Homes)
        {
            if (host.WhyNoList(home) is { } reason)
                return Fact.Unknown<string>(home, reason);
        }

        return null;
    }

    public static void Plan(BootPlanBuilder plan, string path, BootChange change)
    {
        string text = plan.ReadText(path) ?? "";
        if (Values(text, Key).Any(v => v.Contains(Variable, StringComparison.Ordinal)))
            PlanVariable(plan, path, change);
        else
            plan.WriteText(path, KeyedLines.EditTogether(text, Key, change));
    }

    private static void PlanVariable(BootPlanBuilder plan, string entry, BootChange change)
    {
        if (GrubEnvironment.Find(plan.Host) is not { } block || plan.ReadText(block) is not { } text || GrubEnvironment.Get(text, "kernelopts") is not { } value)
            throw new BootException($"{entry}: its command line is GRUB's variable kernelopts, which no environment block sets - run grubby --update-kernel=ALL by hand.");
        plan.WriteText(block, GrubEnvironment.Set(text, "kernelopts", CommandLineEdit.Apply(value, change), block));
    }

    private static IEnumerable<string> Values(string text, string key) => KeyedLines.Find(text, key).Select(line => line.Value);
}
