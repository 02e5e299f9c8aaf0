using System.CommandLine;
using Passthrough.Sdk.Boot;
using Passthrough.Sdk.Drivers;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Libvirt;
using Passthrough.Sdk.Plans;
using Passthrough.Sdk.Readiness;

namespace Passthrough.Cli;

/// <summary>Turns an error into one line on stderr and an exit code. Never a stack trace.</summary>
internal static class Failure
{
    private const string RevertBoot = "; run passthrough boot revert to undo it";
    private const string Recover = "; run passthrough recover to undo it";

    public static int Report(Exception error)
    {
        switch (error)
        {
            case PlanRefusedException or StalePlanException or LibvirtNotThisHostException or BootUncertainException or BootConflictException:
                return Say(error.Message + Hint(error), ExitCode.No);
            case SavedPlanException { Problem: not (SavedPlanProblem.Damaged or SavedPlanProblem.NewerFormat) }:
                return Say(error.Message, ExitCode.No);
            case VirtualFunctionException { IsRefused: true }:
                return Say(error.Message, ExitCode.No);
            case OperationCanceledException:
                return Say("cancelled", ExitCode.Failed);
            case PassthroughException or IOException or UnauthorizedAccessException or FormatException:
                return Say(error.Message + Hint(error), ExitCode.Failed);
            default:
                // A defect of the program: the type helps the person who reports it.
                return Say($"unexpected {error.GetType().Name}: {error.Message}", ExitCode.Failed);
        }
    }

    /// <summary>Reports an invalid command line: an unknown word first, before anything that is missing because of it.</summary>
    public static int Usage(ParseResult parsed)
    {
        var command = parsed.CommandResult.Command;
        var message = parsed.UnmatchedTokens is [var word, ..] && command.Subcommands.Count > 0
            ? $"Unknown command '{(command is RootCommand ? "" : command.Name + " ")}{word}'. Commands: {string.Join(", ", command.Subcommands.Select(verb => verb.Name))}."
            : parsed.Errors[0].Message;
        return Say(message, ExitCode.BadUsage);
    }

    // The library names its own member; the command line has a verb for it.
    private static string Hint(Exception error) => error switch
    {
        PlanRefusedException { Findings: var findings } when findings.Any(finding => finding.Remedy.Contains("PlanBootRevert", StringComparison.Ordinal)) => RevertBoot,
        PlanRefusedException { Findings: var findings } when findings.Any(finding => finding is { Id: FindingIds.PlanUnfinished, IsUndetermined: false }) => Recover,
        PlanFailedException { NotUndone.IsEmpty: false } or { InnerException: PlanFailedException { NotUndone.IsEmpty: false } } => Recover,
        { Message: var message } when message.Contains("PassthroughHost.RecoverAsync", StringComparison.Ordinal) => Recover,
        _ => "",
    };

    private static int Say(string message, int code)
    {
        Console.Error.WriteLine($"passthrough: {message.ReplaceLineEndings(" ").Trim()}");
        return code;
    }
}
