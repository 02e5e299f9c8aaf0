using System.ComponentModel;
using System.Diagnostics;
using Passthrough.Sdk.Boot;

namespace Passthrough.Sdk.BootChanges.Steps;

/// <summary>Runs the commands that must follow a change of the files, such as update-grub, without a shell.</summary>
internal static class CommandRunner
{
    private const int MostOutput = 2000;

    /// <summary>Runs a command to its end.</summary>
    /// <exception cref="BootCommandException">It could not be started, or failed.</exception>
    public static async Task RunAsync(BootCommand command)
    {
        using var process = Start(command);
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync();
        var error = await process.StandardError.ReadToEndAsync().ConfigureAwait(false);
        await process.WaitForExitAsync().ConfigureAwait(false);
        await output.ConfigureAwait(false);
        if (process.ExitCode != 0)
        {
            var said = error.Trim().ReplaceLineEndings(" ");
            throw new BootCommandException(command, $"exit code {process.ExitCode}{(said.Length == 0 ? "" : ": " + said[Math.Max(0, said.Length - MostOutput)..])}");
        }
    }

    private static Process Start(BootCommand command)
    {
        try
        {
            return Process.Start(new ProcessStartInfo(command.FileName, command.Arguments)
            {
                RedirectStandardError = true,
                RedirectStandardOutput = true,
                RedirectStandardInput = true,
            })!;
        }
        catch (Win32Exception e)
        {
            throw new BootCommandException(command, e.Message) { IsStarted = false };
        }
    }
}
