using System.ComponentModel;
using Passthrough.Sdk.Boot;
using Passthrough.Sdk.Plans.Changes;

namespace Passthrough.Sdk.BootChanges.Steps;

/// <summary>Runs the commands that must follow a change of the files, such as update-grub, without a shell.</summary>
internal static class CommandRunner
{
    private const int MostOutput = 2000;

    /// <summary>Runs a command to its end.</summary>
    /// <exception cref="BootCommandException">It could not be started, or failed.</exception>
    public static async Task RunAsync(BootCommand command)
    {
        try
        {
            var (code, said) = await ProgramRun.ToEndAsync(command.FileName, command.Arguments).ConfigureAwait(false);
            if (code != 0)
            {
                throw new BootCommandException(command, $"exit code {code}{(said.Length == 0 ? "" : ": " + said[Math.Max(0, said.Length - MostOutput)..])}");
            }
        }
        catch (Win32Exception e)
        {
            throw new BootCommandException(command, e.Message) { IsStarted = false };
        }
    }
}
