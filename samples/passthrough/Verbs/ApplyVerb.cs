using System.CommandLine;
using Passthrough.Sdk;
using Passthrough.Sdk.Libvirt;
using Passthrough.Sdk.Plans;

namespace Passthrough.Cli.Verbs;

/// <summary><c>passthrough apply</c>: applies a plan that <c>plan --json</c> or <c>--dry-run --json</c> wrote, if this host would still do what it shows.</summary>
internal static class ApplyVerb
{
    public static Command Create()
    {
        var file = new Argument<string>("PLAN.json") { Description = "A plan as JSON, or - for stdin", HelpName = "PLAN.json|-" };
        var (accept, dryRun, root) = (SharedOptions.Accept(), SharedOptions.DryRun(), SharedOptions.Root());
        root.Description = "For a plan that changes boot files: the directory that stands for '/'";
        var yes = new Option<bool>("--yes") { Description = "Do not ask for confirmation" };
        var command = new Command("apply", "Apply a plan that was saved as JSON, if it would still do what it shows") { file, accept, dryRun, yes, root };
        command.Validators.Add(result =>
        {
            if (result.GetValue(file) == "-" && !result.GetValue(yes) && !result.GetValue(dryRun))
            {
                result.AddError("a plan from stdin cannot be confirmed; specify --yes or --dry-run");
            }
        });
        command.SetAction((parsed, _) => Interruption.RunAsync(cancellationToken => RunAsync(
            SavedPlan.Parse(TextInput.Read(parsed.GetRequiredValue(file), "a plan that passthrough plan --json wrote")),
            HostSource.Of(parsed.GetRequiredValue(root)),
            parsed.GetValue(accept) ?? [],
            parsed.GetValue(dryRun),
            asks: !parsed.GetValue(yes),
            cancellationToken)));
        return command;
    }

    private static async Task<int> RunAsync(SavedPlan saved, PassthroughHost host, string[] accept, bool isDry, bool asks, CancellationToken cancellationToken)
    {
        var options = saved.Options with { Accepted = [.. accept] };
        if (saved.Connection is not { } uri)
        {
            return await ApplyAsync(host.PlanAgain(saved, libvirt: null, options), isDry, asks, cancellationToken).ConfigureAwait(false);
        }

        if (saved.Domains.IsEmpty)
        {
            // Where no libvirt runs, devices can be changed all the same.
            var change = await LibvirtSession.WaitAsync(uri, () => host.PlanAgain(saved, libvirt: null, options), cancellationToken).ConfigureAwait(false);
            return await ApplyAsync(change, isDry, asks, cancellationToken).ConfigureAwait(false);
        }

        var session = await LibvirtSession.OpenAsync(uri, cancellationToken).ConfigureAwait(false);
        await using (session.ConfigureAwait(false))
        {
            var plan = await session.AskAsync((ILibvirtConnection libvirt) => host.PlanAgain(saved, libvirt, options), cancellationToken).ConfigureAwait(false);
            return await ApplyAsync(plan, isDry, asks, cancellationToken).ConfigureAwait(false);
        }
    }

    private static async Task<int> ApplyAsync(Plan plan, bool isDry, bool asks, CancellationToken cancellationToken) =>
        isDry ? PlanRun.Show(plan, json: false) : await PlanRun.ApplyAsync(plan, asks, cancellationToken).ConfigureAwait(false);
}
