using System.CommandLine;
using Passthrough.Sdk;
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
        var command = new Command("plan", "Show what assign would do, step by step, without doing it") { addresses, domain, connect, accept, json };
        command.SetAction(parsed =>
        {
            using var libvirt = LibvirtConnection.Open(LibvirtUri.Or(parsed.GetValue(connect)));
            using var guest = libvirt.GetDomain(parsed.GetRequiredValue(domain));
            var plan = PassthroughHost.Local().Plan([.. parsed.GetRequiredValue(addresses)], guest, new PlanOptions { Accepted = [.. parsed.GetValue(accept) ?? []] });
            return PlanRun.Show(plan, parsed.GetValue(json));
        });
        return command;
    }
}
