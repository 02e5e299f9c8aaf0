using System.CommandLine;
using Passthrough.Sdk;
using Passthrough.Sdk.Assignment;
using Passthrough.Sdk.Boot;
using Passthrough.Sdk.Drivers;

namespace Passthrough.Cli;

/// <summary>Turns an error into one line on stderr and an exit code. Never a stack trace.</summary>
internal static class Failure
{
    public static int Report(Exception error)
    {
        switch (error)
        {
            case AssignmentRefusedException or BootUncertainException or BootConflictException:
                return Say(error.Message, ExitCode.No);
            case VirtualFunctionException { IsRefused: true }:
                return Say(error.Message, ExitCode.No);
            case OperationCanceledException:
                return Say("cancelled", ExitCode.Failed);
            case PassthroughException or IOException or UnauthorizedAccessException or FormatException:
                return Say(error.Message, ExitCode.Failed);
            default:
                // A defect of the program: its type helps whoever reports it.
                return Say($"unexpected {error.GetType().Name}: {error.Message}", ExitCode.Failed);
        }
    }

    /// <summary>A command line that cannot be understood: the word that does not fit, before what is missing because of it.</summary>
    public static int Usage(ParseResult parsed)
    {
        var command = parsed.CommandResult.Command;
        var message = parsed.UnmatchedTokens is [var word, ..] && command.Subcommands.Count > 0
            ? $"'{word}' is no command of {command.Name}; it has {string.Join(", ", command.Subcommands.Select(verb => verb.Name))}"
            : parsed.Errors[0].Message;
        return Say(message, ExitCode.BadUsage);
    }

    private static int Say(string message, int code)
    {
        Console.Error.WriteLine($"passthrough: {message.ReplaceLineEndings(" ").Trim()}");
        return code;
    }
}
