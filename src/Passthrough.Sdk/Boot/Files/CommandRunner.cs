using System.ComponentModel;
using System.Diagnostics;

namespace Passthrough.Sdk.Boot.Files;

/// <summary>Runs what has to follow a change of the files: update-grub and the like. No shell is involved.</summary>
internal static class CommandRunner
{
    private const int MostOutput = 2000;

    /// <summary>Runs a command to its end.</summary>
    /// <returns>Null when it succeeded, else why it did not.</returns>
    public static string? Run(BootCommand command)
    {
        var start = new ProcessStartInfo(command.FileName, command.Arguments)
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
            RedirectStandardInput = true,
        };
        try
        {
            using Process process = Process.Start(start)!;
            process.StandardInput.Close();
            Task<string> output = process.StandardOutput.ReadToEndAsync();
            string error = process.StandardError.ReadToEnd();
            process.WaitForExit();
            _ = output.GetAwaiter().GetResult();
            if (process.ExitCode == 0)
                return null;
            string said = error.Trim().ReplaceLineEndings(" ");
            return $"exit code {process.ExitCode}{(said.Length == 0 ? "" : ": " + said[Math.Max(0, said.Length - MostOutput)..])}";
        }
        catch (Win32Exception problem)
        {
            return problem.Message;
        }
    }
}
