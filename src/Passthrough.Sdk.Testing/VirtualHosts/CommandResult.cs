namespace Passthrough.Sdk.Testing;

/// <summary>What a command in a <see cref="VirtualHost"/> returned.</summary>
/// <param name="Command">The command line as it is typed in a shell.</param>
/// <param name="ExitCode">The exit code; 127 if the program was not found, and 128 plus the number of the signal if a signal ended it.</param>
/// <param name="Output">What was written to the standard output, decoded as UTF-8.</param>
/// <param name="Errors">What was written to the standard error, decoded as UTF-8.</param>
/// <param name="Duration">The time from the request until the answer was complete.</param>
/// <remarks>
/// Output ends when the program ends. What its children write later, such as daemons that it left running, is not part of it. Thread safety: immutable.
/// </remarks>
public sealed record CommandResult(string Command, int ExitCode, string Output, string Errors, TimeSpan Duration)
{
    /// <summary>Returns this result if the exit code is 0.</summary>
    /// <exception cref="HostCommandException">The exit code is not 0; the message contains the end of the output and of the errors.</exception>
    public CommandResult EnsureSuccess() =>
        ExitCode == 0 ? this : throw new HostCommandException($"A command ended in the virtual host with exit code {ExitCode}: {Command}", this);
}
