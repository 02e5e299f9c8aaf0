using System.CommandLine;
using Passthrough.Cli.Json;
using Passthrough.Sdk;
using Passthrough.Sdk.Boot;
using Passthrough.Sdk.Host;

namespace Passthrough.Cli.Verbs;

/// <summary><c>passthrough boot</c>: the kernel's parameters in the boot loader's files.</summary>
internal static class BootVerb
{
    public static Command Create() => new("boot", "Kernel parameters: what runs, what is configured, and how to change it")
    {
        Create("status", "What boots this host, and whether a reboot is owed", Status),
        Create("plan", "What apply would change; nothing is done", Plan),
        Create("apply", "Change the configuration; without --add and --remove what doctor recommends", Apply),
        Create("revert", "Undo the latest change, byte for byte", Revert),
    };

    private sealed record Request(string Root, BootParameter[] Add, string[] Remove, bool Json);

    private static Command Create(string name, string description, Func<Request, int> run)
    {
        var (root, json) = (SharedOptions.Root(), SharedOptions.Json());
        var add = new Option<BootParameter[]>("--add")
        {
            Description = "A parameter that should be in force",
            HelpName = "PARAMETER",
            CustomParser = result =>
            {
                var bad = result.Tokens.FirstOrDefault(token => !BootParameter.TryParse(token.Value, out _));
                if (bad is null)
                    return [.. result.Tokens.Select(token => BootParameter.Parse(token.Value))];
                result.AddError($"{bad.Value}: not one kernel parameter (NAME or NAME=VALUE)");
                return [];
            },
        };
        var remove = new Option<string[]>("--remove") { Description = "The name of a parameter that should be gone; NAME=VALUE for that value only", HelpName = "NAME" };
        var command = new Command(name, description) { add, remove, root, json };
        command.SetAction(parsed => run(new Request(
            parsed.GetRequiredValue(root), parsed.GetValue(add) ?? [], parsed.GetValue(remove) ?? [], parsed.GetValue(json))));
        return command;
    }

    private static BootChange Change(Request request, BootConfiguration configuration) => request.Add.Length + request.Remove.Length > 0
        ? new BootChange { Add = [.. request.Add], Remove = [.. request.Remove] }
        : BootRecommendation.For(PassthroughHost.At(request.Root).Capture(CaptureOptions.Everything).System, configuration.Configured.Value);

    private static int Status(Request request)
    {
        var configuration = BootConfiguration.Detect(request.Root);
        BootParameterStatus[] states =
        [
            .. request.Add.Select(p => new BootParameterStatus(p, configuration.StateOf(p))),
            .. request.Add.Length > 0 ? [] : configuration.Parameters,
        ];
        if (request.Json)
        {
            JsonOut.Write(writer => BootJson.WriteStatus(writer, configuration, states));
            return ExitCode.Yes;
        }

        Console.WriteLine($"boot loader: {BootJson.Name(configuration.Loader)}");
        foreach (var evidence in configuration.Evidence)
            Console.WriteLine($"  {evidence}");
        Console.WriteLine($"running:     {Text(configuration.Running)}");
        Console.WriteLine($"configured:  {Text(configuration.Configured)}");
        foreach (var state in states)
            Console.WriteLine($"  {state.Parameter}: {BootJson.Name(state.State)}{(state.State == BootParameterState.ConfiguredOnly ? " (a reboot is owed)" : "")}");
        return ExitCode.Yes;
    }

    private static int Plan(Request request)
    {
        var configuration = BootConfiguration.Detect(request.Root);
        var plan = configuration.Plan(Change(request, configuration));
        if (request.Json)
            JsonOut.Write(writer => BootJson.WritePlan(writer, plan, receipt: null));
        else
            Console.Write(plan);
        return ExitCode.Yes;
    }

    private static int Apply(Request request)
    {
        var configuration = BootConfiguration.Detect(request.Root);
        var change = Change(request, configuration);
        var plan = configuration.Plan(change);
        var receipt = plan.Apply();
        if (request.Json)
        {
            JsonOut.Write(writer => BootJson.WritePlan(writer, plan, receipt));
            return ExitCode.Yes;
        }

        Console.Write(plan);
        if (receipt is not null)
            WriteReceipt(receipt, "changed");
        if (OwesReboot(BootConfiguration.Detect(request.Root), change))
            Console.WriteLine("A reboot is owed: the running kernel was started without this.");
        return ExitCode.Yes;
    }

    private static bool OwesReboot(BootConfiguration now, BootChange change) =>
        change.Add.Any(parameter => now.StateOf(parameter) == BootParameterState.ConfiguredOnly)
        || now.Parameters.Any(p => p.State == BootParameterState.RunningOnly && change.Remove.Any(name => name == p.Parameter.Text || p.Parameter.IsNamed(name)));

    private static int Revert(Request request)
    {
        var receipt = BootConfiguration.Revert(request.Root);
        if (request.Json)
        {
            JsonOut.Write(writer => BootJson.WriteRevert(writer, receipt));
        }
        else if (receipt is null)
        {
            Console.WriteLine("Nothing to revert.");
        }
        else
        {
            WriteReceipt(receipt, "restored");
        }

        return ExitCode.Yes;
    }

    private static void WriteReceipt(BootReceipt receipt, string verb)
    {
        foreach (var file in receipt.Files)
            Console.WriteLine($"{verb}: {file}");
        foreach (var command in receipt.CommandsRun)
            Console.WriteLine($"ran: {command}");
        foreach (var command in receipt.CommandsLeft)
            Console.WriteLine($"run there: {command}");
    }

    private static string Text(Fact<string> fact) => fact.IsKnown ? fact.Value! : fact.IsAbsent ? $"absent ({fact.Source})" : $"unknown ({fact.Reason})";
}
