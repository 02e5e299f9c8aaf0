namespace Passthrough.Sdk.Boot.Modules;

/// <summary>Finds the lines of modprobe.d that keep a module from being loaded, and takes them out of force.</summary>
/// <remarks>
/// modprobe.d(5): <c>blacklist NAME</c>, and <c>install NAME /bin/false</c>; <c>-</c> and <c>_</c> are the same. A file in
/// /etc hides the one of the same name in /run and /usr/lib, which is how a vendor's file is overridden.
/// </remarks>
internal static class ModprobeBlacklist
{
    private static readonly string[] Directories = ["/etc/modprobe.d", "/run/modprobe.d", "/usr/local/lib/modprobe.d", "/usr/lib/modprobe.d", "/lib/modprobe.d"];

    /// <summary>The files and the numbers (from 1) of the lines that blacklist a module.</summary>
    public static IEnumerable<(string Path, int Line, string Text)> Find(BootPlanBuilder plan, string module)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (string path in Directories.SelectMany(d => plan.Host.List(d, ".conf")))
        {
            if (!seen.Add(Path.GetFileName(path)))
                continue;
            foreach ((int number, string line) in (plan.ReadText(path) ?? "").Split('\n').Index())
            {
                if (Blocks(line, module))
                    yield return (path, number + 1, line);
            }
        }
    }

    /// <summary>Comments the lines out: exactly those, in the file that has them, or in one of /etc that hides it.</summary>
    public static void Lift(BootPlanBuilder plan, string module)
    {
        foreach (IGrouping<string, (string Path, int Line, string Text)> file in Find(plan, module).ToArray().GroupBy(f => f.Path))
        {
            string[] lines = plan.ReadText(file.Key)!.Split('\n');
            foreach ((_, int number, string text) in file)
            {
                if (text.TrimEnd('\r').EndsWith('\\') || (number > 1 && lines[number - 2].TrimEnd('\r').EndsWith('\\')))
                    throw new BootUncertainException(file.Key, number, text, "the line goes on in another one");
                lines[number - 1] = "#" + text;
            }

            string path = $"{Directories[0]}/{Path.GetFileName(file.Key)}";
            plan.WriteText(path, string.Join('\n', lines));
            plan.Because($"{module} is blacklisted in {file.Key}: that line is commented out.");
        }
    }

    private static bool Blocks(string line, string module)
    {
        string[] words = line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        return words switch
        {
            ["blacklist", var name, ..] => Same(name, module),
            ["install", var name, "/bin/false" or "/bin/true" or "/usr/bin/false" or "/usr/bin/true" or "false" or "true", ..] => Same(name, module),
            _ => false,
        };
    }

    private static bool Same(string one, string other) => ModulePlanner.Normal(one) == ModulePlanner.Normal(other);
}
