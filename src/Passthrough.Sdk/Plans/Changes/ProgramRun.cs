using System.ComponentModel;
using System.Diagnostics;

namespace Passthrough.Sdk.Plans.Changes;

/// <summary>Runs a program of the host to its end, without a shell and without input.</summary>
internal static class ProgramRun
{
    /// <summary>Runs a program.</summary>
    /// <returns>The exit code, and what the program wrote to its standard error, in one line.</returns>
    /// <exception cref="Win32Exception">The program could not be started.</exception>
    public static async Task<(int Code, string Said)> ToEndAsync(string program, IEnumerable<string> arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true, RedirectStandardOutput = true, RedirectStandardInput = true })!;
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync(); // a full pipe would stop the program
        var error = await process.StandardError.ReadToEndAsync().ConfigureAwait(false);
        await process.WaitForExitAsync().ConfigureAwait(false);
        await output.ConfigureAwait(false);
        return (process.ExitCode, error.Trim().ReplaceLineEndings(" "));
    }
}
