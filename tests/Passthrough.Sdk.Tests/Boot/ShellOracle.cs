using System.Diagnostics;
using System.Text;

namespace Passthrough.Sdk.Tests.Boot;

/// <summary>What a real shell makes of our own, harmless files. Only tests run it; the library never does.</summary>
internal static class ShellOracle
{
    /// <summary>The shells of this machine that may serve as oracles.</summary>
    public static string[] Shells { get; } = [.. new[] { "/bin/dash", "/bin/bash" }.Where(p => new FileInfo(p).Exists)];

    /// <summary>Sources each script in a fresh subshell and gives the values of the names; null where the shell failed.</summary>
    public static string?[][] Run(string shell, IReadOnlyList<string> scripts, params string[] names)
    {
        string directory = Directory.CreateTempSubdirectory("shell-oracle").FullName;
        try
        {
            var driver = new StringBuilder();
            for (int i = 0; i < scripts.Count; i++)
            {
                // The last line keeps bash from running a file's last command in the place of the subshell itself.
                File.WriteAllBytes(Path.Combine(directory, $"{i}"), Encoding.Latin1.GetBytes(scripts[i] + "\n:\n"));
                driver.Append($"( . ./{i}; printf '%s\\036' \"ok\"; ");
                foreach (string name in names)
                    driver.Append($"printf '%s\\036' \"${name}\"; ");
                driver.Append(") 2>/dev/null; printf '\\035'\n");
            }

            string main = Path.Combine(directory, "main");
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
            using Process process = Process.Start(start)!;
            process.StandardInput.Close();
            Task<string> error = process.StandardError.ReadToEndAsync();
            string output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            _ = error.Result;
            string[] records = output.Split('\x1d');
            return [.. records.Take(scripts.Count).Select(record => Values(record, names.Length))];
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    private static string?[] Values(string record, int count)
    {
        string[] fields = record.Split('\x1e');
        int ok = Array.LastIndexOf(fields, "ok");
        return ok < 0 || fields.Length < ok + 1 + count ? new string?[count] : fields[(ok + 1)..(ok + 1 + count)];
    }
}
