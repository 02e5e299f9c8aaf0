using System.CommandLine;
using Passthrough.Sdk;
using Passthrough.Sdk.Assignment;
using Passthrough.Sdk.Facts;
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
        var verify = new Option<bool>("--verify-guest") { Description = "After the last step, ask the agent in the running guest whether it lists the devices" };
        var command = Create("assign", "Assign devices to a domain", (devices, domain, options) => PassthroughHost.Local().Plan(devices, domain, options), yes, verify);
        command.Add(yes);
        command.Add(verify);
        return command;
    }

    public static Command CreateRelease() =>
        Create("release", "Release devices from a domain and return them to the host", (devices, domain, options) => PassthroughHost.Local().PlanRelease(devices, domain, options), yes: null);

    private static Command Create(
        string name, string description, Func<ValueList<PciAddress>, ILibvirtDomain, PlanOptions, AssignmentPlan> makePlan, Option<bool>? yes, Option<bool>? verify = null)
    {
        var (addresses, domain, connect) = (SharedOptions.Addresses(), SharedOptions.Domain(), SharedOptions.Connect(LibvirtUri.Description));
        var (accept, dryRun) = (SharedOptions.Accept(), SharedOptions.DryRun());
        var json = SharedOptions.DryRunJson(dryRun);
        var command = new Command(name, description) { addresses, domain, connect, accept, dryRun, json };
        command.SetAction((parsed, _) => Interruption.RunAsync(cancellationToken =>
        {
            var options = new PlanOptions { Accepted = [.. parsed.GetValue(accept) ?? []], VerifiesInGuest = verify is not null && parsed.GetValue(verify) };
            ValueList<PciAddress> devices = [.. parsed.GetRequiredValue(addresses)];
            return RunAsync(
                parsed.GetValue(connect),
                parsed.GetRequiredValue(domain),
                guest => makePlan(devices, guest, options),
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
