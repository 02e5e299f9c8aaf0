using System.CommandLine;
using Passthrough.Cli.Json;
using Passthrough.Sdk;
using Passthrough.Sdk.DesiredState;
using Passthrough.Sdk.Libvirt;
using Passthrough.Sdk.Plans;

namespace Passthrough.Cli.Verbs;

/// <summary><c>passthrough state</c>: makes a host as a document says, and tells how it differs.</summary>
internal static class StateVerb
{
    public static Command Create() => new("state", "Say what the host should be like, check it, and make it so")
    {
        CreatePlan(),
        CreateApply(),
        CreateCheck(),
    };

    private static Command CreatePlan()
    {
        var (file, connect, accept, json) = (File(), Connect(), SharedOptions.Accept(), SharedOptions.Json());
        var command = new Command("plan", "Print each step that makes the host as the document says, without doing it") { file, connect, accept, json };
        command.SetAction((parsed, _) => Interruption.RunAsync(async cancellationToken =>
            PlanRun.Show(await PlanAsync(parsed.GetRequiredValue(file), parsed.GetValue(connect), parsed.GetValue(accept), cancellationToken).ConfigureAwait(false), parsed.GetValue(json))));
        return command;
    }

    private static Command CreateApply()
    {
        var (file, connect, accept, dryRun) = (File(), Connect(), SharedOptions.Accept(), SharedOptions.DryRun());
        var json = SharedOptions.DryRunJson(dryRun);
        json.Description = "With --dry-run: print the plan as JSON";
        var command = new Command("apply", "Make the host as the document says; does nothing if it is so already") { file, connect, accept, dryRun, json };
        command.SetAction((parsed, _) => Interruption.RunAsync(async cancellationToken =>
        {
            var plan = await PlanAsync(parsed.GetRequiredValue(file), parsed.GetValue(connect), parsed.GetValue(accept), cancellationToken).ConfigureAwait(false);
            return parsed.GetValue(dryRun)
                ? PlanRun.Show(plan, parsed.GetValue(json))
                : await PlanRun.ApplyAsync(plan, asks: false, cancellationToken).ConfigureAwait(false);
        }));
        return command;
    }

    private static Command CreateCheck()
    {
        var (file, root, json) = (File(), SharedOptions.Root(), SharedOptions.Json());
        var command = new Command("check", "Print how the host differs from the document; exit code 1 if it does, or if that is not known") { file, root, json };
        command.SetAction(parsed =>
        {
            var (state, where) = (Read(parsed.GetRequiredValue(file)), parsed.GetRequiredValue(root));
            return Check(IsHere(where) ? WithProgram(state) : state, HostSource.Of(where), parsed.GetValue(json));
        });
        return command;
    }

    private static int Check(HostState state, PassthroughHost host, bool json)
    {
        var report = host.CheckState(state);
        if (json)
        {
            JsonOut.Write(writer => StateJson.Write(writer, report));
        }
        else
        {
            Console.WriteLine(report.IsAsStated switch
            {
                true => "the host is as the document says",
                null => "cannot tell whether the host is as the document says",
                false => report.HasDrifted ? "the host is not as the document says" : "the host waits for a reboot to be as the document says",
            });
            FindingText.Write(report.Findings);
        }

        return report.IsAsStated == true ? ExitCode.Yes : ExitCode.No;
    }

    private static async Task<StatePlan> PlanAsync(string file, string? connect, string[]? accepted, CancellationToken cancellationToken)
    {
        var state = WithProgram(Read(file));
        var options = new PlanOptions { Accepted = [.. accepted ?? []] };

        // If no libvirt answers, none of its domains is asked; a guest of another emulator shows as an open handle.
        var uri = connect ?? LibvirtUri.OfThisHost();
        return await LibvirtSession.WaitAsync(uri, () => PassthroughHost.Local().PlanState(state, LibvirtFacts.Read(uri), options), cancellationToken).ConfigureAwait(false);
    }

    // A document that names no program for the hook means this one, wherever it is installed.
    private static HostState WithProgram(HostState state) => state.Hook is { IsAbsent: false, Command.IsEmpty: true } hook
        ? state with { Hook = hook with { Command = [.. HookVerb.OwnCommand()] } }
        : state;

    private static HostState Read(string file) => HostState.Parse(TextInput.Read(file, "a desired state as JSON"));

    private static bool IsHere(string root) => Path.GetFullPath(root).Trim('/').Length == 0;

    private static Argument<string> File() => new("FILE") { Description = "A desired state as JSON, or - for stdin", HelpName = "FILE|-" };

    private static Option<string> Connect() => SharedOptions.Connect("The libvirt that is asked which devices its domains have; by default that of this host");
}
