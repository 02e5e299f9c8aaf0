using Microsoft.Extensions.Logging;
using Passthrough.Sdk.Assignment.Guests;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Plans;
using Passthrough.Sdk.Readiness;

namespace Passthrough.Sdk.Assignment.Together;

/// <summary>Applies a plan for several domains.</summary>
/// <param name="askTogether">Captures the host again and checks the guards of all devices together.</param>
/// <param name="options">The options for applying plans, the same for every part.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">The logger.</param>
internal sealed class CombinedExecutor(Func<ValueList<Finding>> askTogether, PlanOptions options, TimeProvider time, ILogger logger)
{
    /// <summary>The findings that the operator accepted.</summary>
    public ValueList<string> Accepted => options.Accepted;

    /// <summary>Applies a plan; see <see cref="Plan.ApplyAsync"/>.</summary>
    public async Task ApplyAsync(CombinedPlan plan, IProgress<PlanProgress>? progress, CancellationToken cancellationToken)
    {
        progress = progress is null ? null : new SafeProgress(progress, plan.Steps.Count, time, logger);
        ValueList<CombinedPart> parts = [.. plan.Parts.Select(part => new CombinedPart(part.Executor.CreateWork(part, plan.OverruledFor(part, Accepted)), plan.StepsOf(part)))];
        var guests = new List<GuestVerification>();
        foreach (var part in options.VerifiesInGuest ? plan.Parts : [])
        {
            if (await part.Executor.BeginVerificationAsync(plan.StepsOf(part), cancellationToken).ConfigureAwait(false) is { } guest)
            {
                guests.Add(guest);
            }
        }

        await new PlanEngine(options, time, logger).ApplyAsync(plan, new CombinedWork(plan, parts, askTogether, logger), progress, cancellationToken).ConfigureAwait(false);

        // One guest after another: each has its own deadline, and the lines of one guest stay together.
        foreach (var guest in guests)
        {
            await guest.EndAsync(progress, logger, cancellationToken).ConfigureAwait(false);
        }
    }
}
