using System.Collections.Immutable;
using System.CommandLine;
using Passthrough.Sdk;
using Passthrough.Sdk.Assignment;
using Passthrough.Sdk.Explain;
using Passthrough.Sdk.Libvirt;
using Passthrough.Sdk.Pci;

namespace Passthrough.Cli.Verbs;

/// <summary><c>passthrough assign</c> and <c>passthrough release</c>: make a plan, show it, apply it.</summary>
internal static class ApplyVerbs
{
    public static Command CreateAssign()
    {
        var yes = new Option<bool>("--yes") { Description = "Do not ask" };
        var command = Create("assign", "Give devices to a domain", (devices, domain) => PassthroughHost.Local().Plan(devices, domain), yes);
        command.Add(yes);
        return command;
    }

    public static Command CreateRelease() =>
        Create("release", "Take devices back from a domain", (devices, domain) => PassthroughHost.Local().PlanRelease(devices, domain), yes: null);

    private static Command Create(
        string name, string description, Func<ImmutableArray<PciAddress>, LibvirtDomain, AssignmentPlan> makePlan, Option<bool>? yes)
    {
        var (addresses, domain, connect) = (SharedOptions.Addresses(), SharedOptions.Domain(), SharedOptions.Connect(LibvirtUri.Description));
        var command = new Command(name, description) { addresses, domain, connect };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var libvirt = LibvirtConnection.Open(LibvirtUri.Or(parsed.GetValue(connect)));
            using var guest = libvirt.Domain(parsed.GetRequiredValue(domain));
            var plan = makePlan([.. parsed.GetRequiredValue(addresses)], guest);
            if (!plan.IsRefused)
            {
                Console.Write(plan);
                if (yes is not null && !parsed.GetValue(yes) && plan.Steps.Length > 0 && !Asked())
                {
                    return ExitCode.No;
                }
            }

            try
            {
                await plan.ApplyAsync(new Progress(), cancellationToken).ConfigureAwait(false);
            }
            catch (AssignmentFailedException e) when (e.InnerException is LibvirtException)
            {
                throw Explained(e, plan);
            }

            return ExitCode.Yes;
        });
        return command;
    }

    /// <summary>The failure with what is behind it, where that can be told.</summary>
    private static PassthroughException Explained(AssignmentFailedException failure, AssignmentPlan plan)
    {
        var options = new ExplainOptions { Devices = [.. plan.Devices.Select(device => device.Address)], DomainName = plan.Domain };
        return PassthroughHost.Local().Explain(PassthroughError.From(failure), options).Cause is { } cause
            ? new PassthroughException($"{failure.Message}; the cause: {cause.Title} [{cause.Id}]; the way out: {cause.Remedy}", failure)
            : failure;
    }

    private static bool Asked()
    {
        Console.Write("Do this? [y/N] ");
        return Console.ReadLine()?.Trim() is "y" or "Y" or "yes";
    }

    /// <summary>Prints on the thread that does the step, so that the lines stand in the order of what happened.</summary>
    private sealed class Progress : IProgress<AssignmentProgress>
    {
        public void Report(AssignmentProgress value)
        {
            if (value.State != AssignmentStepState.Started)
            {
                Console.WriteLine($"{value.State.ToString().ToLowerInvariant()}: {value.Step}{(value.Error is null ? "" : $": {value.Error.Message}")}");
            }
        }
    }
}
