using System.ComponentModel;
using System.Globalization;
using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.Plans.Changes;

/// <summary>Runs a program of the host with the deadline of a driver, without a shell.</summary>
internal static class HostCommand
{
    /// <summary>Runs a program to its end.</summary>
    /// <param name="context">The host; it must be one that runs commands.</param>
    /// <param name="package">The package that contains the program, for the message if it is missing.</param>
    /// <param name="program">The program.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <returns>The exit code, and what the program wrote to its standard error, in one line.</returns>
    /// <exception cref="PassthroughException">It could not be started, or did not end in time and is still running.</exception>
    public static async Task<(int Code, string Said)> RunAsync(ChangeContext context, string package, string program, params string[] arguments)
    {
        try
        {
            var (code, said) = await ProgramRun.ToEndAsync(program, arguments).WaitAsync(context.Options.DriverTimeout, context.Time).ConfigureAwait(false);
            return (code, said.Length > 0 ? said : string.Create(CultureInfo.InvariantCulture, $"{program} ended with exit code {code}"));
        }
        catch (TimeoutException e)
        {
            throw new PassthroughException(
                string.Create(CultureInfo.InvariantCulture, $"{program} {string.Join(' ', arguments)} did not end within {context.Options.DriverTimeout.TotalSeconds:0.#} s and is still running; see the kernel log"), e);
        }
        catch (Win32Exception e)
        {
            throw new PassthroughException($"cannot run {program}: {e.Message}; install {package}", e);
        }
    }
}
