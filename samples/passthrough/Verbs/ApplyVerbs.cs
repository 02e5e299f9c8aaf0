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
        var domains = new DomainOptions(addresses);
        var request = new AssignmentOptions(addresses, domains);
        var verify = new Option<bool>("--verify-guest") { Description = "After the last step, ask the agent in the running guest whether it lists the devices" };
        var command = Create(
            "assign",
            "Assign devices to a domain",
            addresses,
            domains,
            (parsed, guests, options) => request.Plan(parsed, guests, options with { VerifiesInGuest = parsed.GetValue(verify) }),
            yes);
        request.AddTo(command);
        command.Add(yes);
        command.Add(verify);
        return command;
    }

    public static Command CreateRelease()
    {
        var addresses = SharedOptions.Addresses();
        var domains = new DomainOptions(addresses);
        var (card, live, config) = (AssignmentOptions.WholeCard("Release all functions of the card that the domain has"), AssignmentOptions.Live(), AssignmentOptions.Config());
        var command = Create(
            "release",
            "Release devices from a domain and return them to the host",
            addresses,
            domains,
            (parsed, guests, options) => domains.Make(
                parsed,
                guests,
                (domain, devices) => new(domain, new ReleaseRequest(devices)
                {
                    WholeCards = parsed.GetValue(card),
                    Scope = AssignmentOptions.ScopeOf(parsed.GetValue(live), parsed.GetValue(config)),
                }),
                options),
            yes: null);
        command.Add(card);
        command.Add(live);
        command.Add(config);
        return command;
    }

    private static Command Create(
        string name,
        string description,
        Argument<PciAddress[]> addresses,
        DomainOptions domains,
        Func<ParseResult, IReadOnlyList<ILibvirtDomain>, PlanOptions, Plan> makePlan,
        Option<bool>? yes)
    {
        var connect = SharedOptions.Connect(LibvirtUri.Description);
        var (accept, dryRun) = (SharedOptions.Accept(), SharedOptions.DryRun());
        var json = SharedOptions.DryRunJson(dryRun);
        var command = new Command(name, description) { addresses };
        domains.AddTo(command);
        foreach (var option in new Option[] { connect, accept, dryRun, json })
        {
            command.Add(option);
        }

        command.SetAction((parsed, _) => Interruption.RunAsync(cancellationToken =>
        {
            var options = new PlanOptions { Accepted = [.. parsed.GetValue(accept) ?? []] };
            return RunAsync(
                parsed.GetValue(connect),
                domains.NamesOf(parsed),
                guests => makePlan(parsed, guests, options),
                isDry: parsed.GetValue(dryRun),
                json: parsed.GetValue(json),
                asks: yes is not null && !parsed.GetValue(yes),
                cancellationToken);
        }));
        return command;
    }

    private static async Task<int> RunAsync(
        string? connect, IReadOnlyList<string> domains, Func<IReadOnlyList<ILibvirtDomain>, Plan> makePlan, bool isDry, bool json, bool asks, CancellationToken cancellationToken)
    {
        var session = await LibvirtSession.OpenAsync(connect, domains, cancellationToken).ConfigureAwait(false);
        await using (session.ConfigureAwait(false))
        {
            var plan = await session.AskAsync(makePlan, cancellationToken).ConfigureAwait(false);
            return isDry ? PlanRun.Show(plan, json) : await PlanRun.ApplyAsync(plan, asks, cancellationToken).ConfigureAwait(false);
        }
    }
}
