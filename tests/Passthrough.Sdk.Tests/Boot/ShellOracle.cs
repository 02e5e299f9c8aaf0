using System.Diagnostics;
using System.Text;

namespace Passthrough.Sdk.Tests.Boot;

/// <summary>What a real shell makes of our own, harmless files. Only tests run it; the library never does.</summary>
internal static class ShellOracle
{
    /// <summary>The shells of this machine that may serve as oracles.</summary>
    public static string[] Shells { get; } = [.. new[] { "/bin/dash", "/bin/bash" }.Where(p => new FileInfo(p).Exists)];

    /// <summary>Sources each script in a fresh subshell and gives the values of the names; null where the shell failed.</summary>
    public static string?[][] Run(string shell, IReadOnlyList<string> scripts, params string[] names) => Run(shell, scripts, new Dictionary<string, string>(), names);

    /// <summary>The same, with files that the scripts source under their paths; <c>/H/</c> in a script stands for their directory.</summary>
    public static string?[][] Run(string shell, IReadOnlyList<string> scripts, IReadOnlyDictionary<string, string> files, params string[] names)
    {
        var directory = Directory.CreateTempSubdirectory("shell-oracle").FullName;
        try
        {
            foreach ((var path, var content) in files)
            {
                File.WriteAllBytes(Path.Combine(directory, Path.GetFileName(path)), Encoding.Latin1.GetBytes(content.Replace("/H/", directory + "/", StringComparison.Ordinal)));
            }

            var driver = new StringBuilder();
            for (var i = 0; i < scripts.Count; i++)
            {
                // The last line keeps bash from running a file's last command in the place of the subshell itself.
                File.WriteAllBytes(Path.Combine(directory, $"{i}"), Encoding.Latin1.GetBytes(scripts[i].Replace("/H/", directory + "/", StringComparison.Ordinal) + "\n:\n"));
                driver.Append($"( . ./{i}; printf '%s\\036' \"ok\"; ");
                foreach (var name in names)
                {
                    driver.Append($"printf '%s\\036' \"${name}\"; ");
                }

                driver.Append(") 2>/dev/null; printf '\\035'\n");
            }

            var main = Path.Combine(directory, "main");
            File.WriteAllText(main, driver.ToString());
            var start = new ProcessStartInfo(shell, [main])
            {
                WorkingDirectory = directory,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                RedirectStandardInput = true,
                StandardOutputEncoding = Encoding.Latin1,
            };
            start.Environment.Clear();
            start.Environment["PATH"] = "/nonexistent";
            start.Environment["LC_ALL"] = "C";
            using var process = Process.Start(start)!;
            process.StandardInput.Close();
            var error = process.StandardError.ReadToEndAsync();
            var output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            _ = error.Result;
            var records = output.Split('\x1d');
            return [.. records.Take(scripts.Count).Select(record => Values(record, names.Length))];
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    private static string?[] Values(string record, int count)
    {
        var fields = record.Split('\x1e');
        var ok = Array.LastIndexOf(fields, "ok");
        return ok < 0 || fields.Length < ok + 1 + count ? new string?[count] : fields[(ok + 1)..(ok + 1 + count)];
    }
}
