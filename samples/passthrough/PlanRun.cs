using Passthrough.Sdk;
using Passthrough.Sdk.Assignment;
using Passthrough.Sdk.Explain;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Libvirt;
using Passthrough.Sdk.Plans;

namespace Passthrough.Cli;

/// <summary>Shows a plan, asks, and applies it: what every verb that applies a plan does.</summary>
internal static class PlanRun
{
    /// <summary>Prints a plan; with a refused one the exit code is 1.</summary>
    public static int Show(Plan plan, bool json)
    {
        Console.Write(json ? plan.ToJson() + "\n" : plan.ToString());
        return plan.IsRefused ? ExitCode.No : ExitCode.Yes;
    }

    /// <summary>Applies a plan, after a question where one is asked.</summary>
    public static async Task<int> ApplyAsync(Plan plan, bool asks, CancellationToken cancellationToken)
    {
        if (!plan.IsRefused)
        {
            Console.Write(plan);
            if (asks && plan.Steps.Count > 0 && !await AskedAsync(cancellationToken).ConfigureAwait(false))
            {
                return ExitCode.No;
            }
        }

        try
        {
            await plan.ApplyAsync(new Progress(), cancellationToken).ConfigureAwait(false);
        }
        catch (PlanFailedException e) when (e.InnerException is LibvirtException && PartOf(plan, e.Step) is { } assignment)
        {
            throw Explained(e, assignment);
        }

        return ExitCode.Yes;
    }

    private static AssignmentPlan? PartOf(Plan plan, PlanStep step) => plan switch
    {
        AssignmentPlan assignment => assignment,
        CombinedPlan combined => combined.Parts.FirstOrDefault(part => step.Device is { } device && part.Devices.Contains(device)),
        _ => null,
    };

    /// <summary>Returns the failure with its cause, if the facts show it.</summary>
    private static PassthroughException Explained(PlanFailedException failure, AssignmentPlan plan)
    {
        var options = new ExplainOptions { Devices = plan.Devices, DomainName = plan.Domain };
        return PassthroughHost.Local().Explain(PassthroughError.From(failure), options).Cause is { } cause
            ? new PassthroughException($"{failure.Message}; cause: {cause.Title} [{cause.Id}]; remedy: {cause.Remedy}", failure)
            : failure;
    }

    // On its own thread: a terminal without input must not prevent a signal from ending the program.
    private static async Task<bool> AskedAsync(CancellationToken cancellationToken)
    {
        Console.Write("Apply this plan? [y/N] ");
        var answer = await Task.Factory.StartNew(Console.ReadLine, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)
            .WaitAsync(cancellationToken).ConfigureAwait(false);
        return answer?.Trim() is "y" or "Y" or "yes";
    }

    /// <summary>Prints on the thread that does the step, so that the lines are in the order of the events.</summary>
    private sealed class Progress : IProgress<PlanProgress>
    {
        public void Report(PlanProgress value)
        {
            if (value.Guest is { } guest)
            {
                Console.WriteLine($"{(guest.IsListed == false ? "warning" : "guest")}: {guest.Message}");
            }
            else if (value.State != PlanStepState.Started)
            {
                Console.WriteLine($"{value.State.ToString().ToLowerInvariant()}: {value.Step}{(value.Error is null ? "" : $": {value.Error.Message}")}");
            }
        }
    }
}
