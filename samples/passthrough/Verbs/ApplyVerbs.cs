using System.CommandLine;
using Passthrough.Sdk;
using Passthrough.Sdk.Assignment;
using Passthrough.Sdk.Libvirt;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Plans;

namespace Passthrough.Cli.Verbs;

/// <summary><c>passthrough assign</c> and <c>passthrough release</c>: make a plan, print it, and apply it.</summary>
internal static class ApplyVerbs
{
    public static Command CreateAssign()
    {
        var yes = new Option<bool>("--yes") { Description = "Do not ask for confirmation" };
        var addresses = SharedOptions.Addresses();
        var request = new AssignmentOptions(addresses);
        var verify = new Option<bool>("--verify-guest") { Description = "After the last step, ask the agent in the running guest whether it lists the devices" };
        var command = Create(
            "assign",
            "Assign devices to a domain",
            addresses,
            (parsed, domain, options) => PassthroughHost.Local().Plan(request.Of(parsed), domain, options with { VerifiesInGuest = parsed.GetValue(verify) }),
            yes);
        request.AddTo(command);
        command.Add(yes);
        command.Add(verify);
        return command;
    }

    public static Command CreateRelease()
    {
        var addresses = SharedOptions.Addresses();
        var (card, live, config) = (AssignmentOptions.WholeCard("Release all functions of the card that the domain has"), AssignmentOptions.Live(), AssignmentOptions.Config());
        var command = Create(
            "release",
            "Release devices from a domain and return them to the host",
            addresses,
            (parsed, domain, options) => PassthroughHost.Local().PlanRelease(
                new ReleaseRequest(parsed.GetRequiredValue(addresses))
                {
                    WholeCards = parsed.GetValue(card),
                    Scope = AssignmentOptions.ScopeOf(parsed.GetValue(live), parsed.GetValue(config)),
                },
                domain,
                options),
            yes: null);
        command.Add(card);
        command.Add(live);
        command.Add(config);
        return command;
    }

    private static Command Create(
        string name, string description, Argument<PciAddress[]> addresses, Func<ParseResult, ILibvirtDomain, PlanOptions, AssignmentPlan> makePlan, Option<bool>? yes)
    {
        var (domain, connect) = (SharedOptions.Domain(), SharedOptions.Connect(LibvirtUri.Description));
        var (accept, dryRun) = (SharedOptions.Accept(), SharedOptions.DryRun());
        var json = SharedOptions.DryRunJson(dryRun);
        var command = new Command(name, description) { addresses, domain, connect, accept, dryRun, json };
        command.SetAction((parsed, _) => Interruption.RunAsync(cancellationToken =>
        {
            var options = new PlanOptions { Accepted = [.. parsed.GetValue(accept) ?? []] };
            return RunAsync(
                parsed.GetValue(connect),
                parsed.GetRequiredValue(domain),
                guest => makePlan(parsed, guest, options),
                isDry: parsed.GetValue(dryRun),
                json: parsed.GetValue(json),
                asks: yes is not null && !parsed.GetValue(yes),
                cancellationToken);
        }));
        return command;
    }

    private static async Task<int> RunAsync(
        string? connect, string domain, Func<ILibvirtDomain, AssignmentPlan> makePlan, bool isDry, bool json, bool asks, CancellationToken cancellationToken)
    {
        var session = await LibvirtSession.OpenAsync(connect, domain, cancellationToken).ConfigureAwait(false);
        await using (session.ConfigureAwait(false))
        {
            var plan = await session.AskAsync(makePlan, cancellationToken).ConfigureAwait(false);
            return isDry ? PlanRun.Show(plan, json) : await PlanRun.ApplyAsync(plan, asks, cancellationToken).ConfigureAwait(false);
        }
    }
}
