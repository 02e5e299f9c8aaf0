using System.CommandLine;
using Passthrough.Sdk.Libvirt;
using Passthrough.Sdk.Plans;

namespace Passthrough.Cli.Verbs;

/// <summary><c>passthrough plan</c>: shows every step and every risk of assign, without applying anything.</summary>
internal static class PlanVerb
{
    public static Command Create()
    {
        var (addresses, connect, json) = (SharedOptions.Addresses(), SharedOptions.Connect(LibvirtUri.Description), SharedOptions.Json());
        var accept = SharedOptions.Accept();
        var domains = new DomainOptions(addresses);
        var request = new AssignmentOptions(addresses, domains);
        var command = new Command("plan", "Show what assign would do, step by step, without doing it") { addresses };
        domains.AddTo(command);
        foreach (var option in new Option[] { connect, accept, json })
        {
            command.Add(option);
        }

        request.AddTo(command);
        command.SetAction((parsed, _) => Interruption.RunAsync(cancellationToken => RunAsync(
            parsed.GetValue(connect),
            domains.NamesOf(parsed),
            guests => request.Plan(parsed, guests, new PlanOptions { Accepted = [.. parsed.GetValue(accept) ?? []] }),
            parsed.GetValue(json),
            cancellationToken)));
        return command;
    }

    private static async Task<int> RunAsync(
        string? connect, IReadOnlyList<string> domains, Func<IReadOnlyList<ILibvirtDomain>, Plan> makePlan, bool json, CancellationToken cancellationToken)
    {
        var session = await LibvirtSession.OpenAsync(connect, domains, cancellationToken).ConfigureAwait(false);
        await using (session.ConfigureAwait(false))
        {
            return PlanRun.Show(await session.AskAsync(makePlan, cancellationToken).ConfigureAwait(false), json);
        }
    }
}
