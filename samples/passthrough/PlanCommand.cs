using System.CommandLine;
using Passthrough.Sdk.Plans;

namespace Passthrough.Cli;

/// <summary>A verb that makes a plan and applies it, or prints it (<c>--dry-run</c>), without a question.</summary>
internal static class PlanCommand
{
    /// <summary>Returns a command whose plan is made at once.</summary>
    /// <param name="name">The last word of the verb.</param>
    /// <param name="description">What help says of it.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="own">Its options, besides those that every such verb has.</param>
    /// <param name="makePlan">Makes the plan.</param>
    public static Command Create(string name, string description, Argument[] arguments, Option[] own, Func<ParseResult, PlanOptions, DevicePlan> makePlan) =>
        Create(name, description, arguments, own, (parsed, options, _) => Task.FromResult(makePlan(parsed, options)));

    /// <summary>Returns a command whose plan takes time to make, as where libvirt is asked.</summary>
    /// <param name="name">The last word of the verb.</param>
    /// <param name="description">What help says of it.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="own">Its options, besides those that every such verb has.</param>
    /// <param name="makePlan">Makes the plan.</param>
    /// <param name="applied">Called when the plan was applied.</param>
    public static Command Create(
        string name, string description, Argument[] arguments, Option[] own, Func<ParseResult, PlanOptions, CancellationToken, Task<DevicePlan>> makePlan, Action<DevicePlan>? applied = null)
    {
        var (accept, dryRun) = (SharedOptions.Accept(), SharedOptions.DryRun());
        var json = SharedOptions.DryRunJson(dryRun);
        var command = new Command(name, description) { accept, dryRun, json };
        foreach (var argument in arguments)
        {
            command.Add(argument);
        }

        foreach (var option in own)
        {
            command.Add(option);
        }

        command.SetAction((parsed, _) => Interruption.RunAsync(async cancellationToken =>
        {
            var plan = await makePlan(parsed, new PlanOptions { Accepted = [.. parsed.GetValue(accept) ?? []] }, cancellationToken).ConfigureAwait(false);
            if (parsed.GetValue(dryRun))
            {
                return PlanRun.Show(plan, parsed.GetValue(json));
            }

            var code = await PlanRun.ApplyAsync(plan, asks: false, cancellationToken).ConfigureAwait(false);
            applied?.Invoke(plan);
            return code;
        }));
        return command;
    }
}
