using System.CommandLine;
using Passthrough.Cli.Json;
using Passthrough.Sdk;
using Passthrough.Sdk.Boot;
using Passthrough.Sdk.BootChanges;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Host;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Plans;
using Passthrough.Sdk.Readiness;

namespace Passthrough.Cli.Verbs;

/// <summary><c>passthrough boot</c>: shows and changes kernel parameters in the boot loader's files.</summary>
internal static class BootVerb
{
    public static Command Create() => new("boot", "Show and change kernel parameters: running, configured and planned")
    {
        Create("status", "Show what boots this host, and whether a reboot is required", Status),
        Create("plan", "Show what apply would change, without changing it", Plan, makesPlan: true),
        Create("apply", "Change the configuration; without options as doctor recommends", Apply, makesPlan: true),
        Create("revert", "Undo the latest change, byte for byte", Revert),
    };

    private sealed record Request(string Root, BootParameter[] Add, string[] Remove, bool Json)
    {
        public PciAddress[] EarlyBinding { get; init; } = [];

        public PlanOptions Options { get; init; } = new();
    }

    private static Command Create(string name, string description, Func<Request, CancellationToken, Task<int>> run, bool makesPlan = false)
    {
        var (root, json) = (SharedOptions.Root(), SharedOptions.Json());
        var add = new Option<BootParameter[]>("--add")
        {
            Description = "A parameter that should be set",
            HelpName = "PARAMETER",
            CustomParser = result =>
            {
                var bad = result.Tokens.FirstOrDefault(token => !BootParameter.TryParse(token.Value, out _));
                if (bad is null)
                {
                    return [.. result.Tokens.Select(token => BootParameter.Parse(token.Value))];
                }

                result.AddError($"{bad.Value}: not a single kernel parameter (NAME or NAME=VALUE)");
                return [];
            },
        };
        var remove = new Option<string[]>("--remove") { Description = "The name of a parameter to remove; NAME=VALUE to remove only that value", HelpName = "NAME" };
        var early = new Option<PciAddress[]>("--early-binding")
        {
            Description = "Bind these devices, and all that have the same ids, to vfio-pci in the initramfs",
            HelpName = "ADDRESS",
            AllowMultipleArgumentsPerToken = true,
            CustomParser = result => [.. result.Tokens.Select(token => SharedOptions.ParseAddress(result, token))],
        };
        var accept = SharedOptions.Accept();
        var command = new Command(name, description) { add, remove, root, json };
        if (makesPlan)
        {
            command.Add(early);
            command.Add(accept);
        }

        command.SetAction((parsed, _) => Interruption.RunAsync(cancellationToken => run(
            new Request(parsed.GetRequiredValue(root), parsed.GetValue(add) ?? [], parsed.GetValue(remove) ?? [], parsed.GetValue(json))
            {
                EarlyBinding = parsed.GetValue(early) ?? [],
                Options = new() { Accepted = [.. parsed.GetValue(accept) ?? []] },
            },
            cancellationToken)));
        return command;
    }

    private static BootChange Change(Request request, PassthroughHost host)
    {
        if (request.Add.Length + request.Remove.Length + request.EarlyBinding.Length == 0)
        {
            return BootRecommendation.For(host.Capture().System, host.ReadBootConfiguration().Configured.Value);
        }

        var change = request.EarlyBinding.Length == 0
            ? new BootChange()
            : BootRecommendation.ForEarlyBinding(host.Capture(new CaptureOptions { DetailsOf = [.. request.EarlyBinding] }), request.EarlyBinding);
        return change with { Add = [.. request.Add], Remove = [.. request.Remove] };
    }

    private static Task<int> Status(Request request, CancellationToken cancellationToken) => Task.FromResult(Status(request));

    private static int Status(Request request)
    {
        var configuration = HostSource.Of(request.Root).ReadBootConfiguration();
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
        {
            Console.WriteLine($"  {evidence}");
        }

        Console.WriteLine($"running:     {Text(configuration.Running)}");
        Console.WriteLine($"configured:  {Text(configuration.Configured)}");
        foreach (var state in states)
        {
            var owed = state.State == BootParameterState.ConfiguredOnly ? " (a reboot is required)" : "";
            Console.WriteLine($"  {state.Parameter}: {BootJson.Name(state.State)}{owed}{(state.Origin is null ? "" : $" - {state.Origin}")}");
        }

        return ExitCode.Yes;
    }

    private static Task<int> Plan(Request request, CancellationToken cancellationToken)
    {
        var host = HostSource.Of(request.Root);
        var plan = host.PlanBoot(Change(request, host), request.Options);
        if (request.Json)
        {
            JsonOut.Write(writer => BootJson.WritePlan(writer, plan, isApplied: false));
        }
        else
        {
            Console.Write(plan);
        }

        return Task.FromResult(plan.IsRefused ? ExitCode.No : ExitCode.Yes);
    }

    private static async Task<int> Apply(Request request, CancellationToken cancellationToken)
    {
        var host = HostSource.Of(request.Root);
        var change = Change(request, host);
        var plan = host.PlanBoot(change, request.Options);
        await plan.ApplyAsync(cancellationToken: cancellationToken).ConfigureAwait(false);
        if (request.Json)
        {
            JsonOut.Write(writer => BootJson.WritePlan(writer, plan, isApplied: !plan.IsEmpty));
            return ExitCode.Yes;
        }

        Console.Write(plan);
        WriteDone(plan, "changed");
        if (OwesReboot(host.ReadBootConfiguration(), change) || (change.EarlyBinding is not null && !plan.IsEmpty))
        {
            Console.WriteLine("A reboot is required: the running kernel was started without this change.");
        }

        return ExitCode.Yes;
    }

    private static bool OwesReboot(BootConfiguration now, BootChange change) =>
        change.Add.Any(parameter => now.StateOf(parameter) == BootParameterState.ConfiguredOnly)
        || now.Parameters.Any(p => p.State == BootParameterState.RunningOnly && change.Remove.Any(name => name == p.Parameter.Text || p.Parameter.IsNamed(name)));

    private static async Task<int> Revert(Request request, CancellationToken cancellationToken)
    {
        var plan = HostSource.Of(request.Root).PlanBootRevert();
        await plan.ApplyAsync(cancellationToken: cancellationToken).ConfigureAwait(false);
        if (request.Json)
        {
            JsonOut.Write(writer => BootJson.WriteRevert(writer, plan));
        }
        else if (plan.IsEmpty)
        {
            Console.Write(plan);
        }
        else
        {
            WriteDone(plan, "restored");
        }

        return ExitCode.Yes;
    }

    private static void WriteDone(BootPlan plan, string verb)
    {
        foreach (var file in plan.Files)
        {
            Console.WriteLine($"{verb}: {file.Path}");
        }

        foreach (var command in plan.Commands)
        {
            Console.WriteLine($"{(plan.CommandsLeft.Contains(command) ? "run there" : "ran")}: {command}");
        }
    }

    private static string Text(Fact<string> fact) => fact.IsKnown ? fact.Value! : fact.IsAbsent ? $"absent ({fact.Source})" : $"unknown ({fact.Reason})";
}
