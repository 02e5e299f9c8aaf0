using System.Diagnostics;

namespace Passthrough.LabTests.Lab;

/// <summary>Runs the tools of the lab's host.</summary>
internal static class Shell
{
    /// <summary>Runs a command line in bash and returns what it printed, without the last line end.</summary>
    /// <exception cref="InvalidOperationException">It failed; the message has its exit code and what it said.</exception>
    internal static string Run(string commandLine)
    {
        (var code, var output, var errors) = Try(commandLine);
        return code == 0
            ? output.TrimEnd('\n')
            : throw new InvalidOperationException($"{commandLine}: exit code {code}: {errors}{output}");
    }

    /// <summary>Runs a command line in bash and returns its exit code, output and errors.</summary>
    internal static (int Code, string Output, string Errors) Try(string commandLine)
    {
        using var process = Process.Start(new ProcessStartInfo("bash", ["-c", commandLine])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, errors.GetAwaiter().GetResult());
    }
}
