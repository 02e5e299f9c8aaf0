using System.CommandLine;
using Passthrough.Sdk;
using Passthrough.Sdk.Assignment;
using Passthrough.Sdk.Libvirt;
using Passthrough.Sdk.Plans;

namespace Passthrough.Cli.Verbs;

/// <summary><c>passthrough plan</c>: shows every step and every risk of assign, without applying anything.</summary>
internal static class PlanVerb
{
    public static Command Create()
    {
        var (addresses, domain, connect, json) =
            (SharedOptions.Addresses(), SharedOptions.Domain(), SharedOptions.Connect(LibvirtUri.Description), SharedOptions.Json());
        var accept = SharedOptions.Accept();
        var request = new AssignmentOptions(addresses);
        var command = new Command("plan", "Show what assign would do, step by step, without doing it") { addresses, domain, connect, accept, json };
        request.AddTo(command);
        command.SetAction((parsed, _) => Interruption.RunAsync(cancellationToken => RunAsync(
            parsed.GetValue(connect),
            parsed.GetRequiredValue(domain),
            guest => PassthroughHost.Local().Plan(request.Of(parsed), guest, new PlanOptions { Accepted = [.. parsed.GetValue(accept) ?? []] }),
            parsed.GetValue(json),
            cancellationToken)));
        return command;
    }

    private static async Task<int> RunAsync(
        string? connect, string domain, Func<ILibvirtDomain, AssignmentPlan> makePlan, bool json, CancellationToken cancellationToken)
    {
        var session = await LibvirtSession.OpenAsync(connect, domain, cancellationToken).ConfigureAwait(false);
        await using (session.ConfigureAwait(false))
        {
            return PlanRun.Show(await session.AskAsync(makePlan, cancellationToken).ConfigureAwait(false), json);
        }
    }
}
