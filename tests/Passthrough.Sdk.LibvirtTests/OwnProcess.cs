using System.Diagnostics;

namespace Passthrough.Sdk.LibvirtTests;

/// <summary>Runs tests of this assembly in a process of their own.</summary>
internal static class OwnProcess
{
    public static async Task<(int ExitCode, string Output, string Error)> Run(
        IEnumerable<string> arguments, params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, typeof(OwnProcess).Assembly.GetName().Name!), arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, await output, await error);
    }
}
