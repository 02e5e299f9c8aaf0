using Microsoft.Extensions.Logging;
using Passthrough.Sdk.Assignment.Guests;
using Passthrough.Sdk.Drivers.Records;
using Passthrough.Sdk.Drivers;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Plans;
using Passthrough.Sdk.Plans.Saved;
using Passthrough.Sdk.Readiness;

namespace Passthrough.Sdk.Assignment;

/// <summary>Applies a plan for a domain.</summary>
/// <param name="domain">The domain of the plan.</param>
/// <param name="drivers">The drivers according to the host's files.</param>
/// <param name="records">The records of the previous drivers of assigned devices.</param>
/// <param name="askGuards">Captures the host again and checks the guards of the plan.</param>
/// <param name="options">The options for applying plans.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">The logger.</param>
internal sealed class AssignmentExecutor(
    IAssignmentDomain domain,
    DriverWatch drivers,
    BindingRecords records,
    Func<ValueList<Finding>> askGuards,
    PlanOptions options,
    TimeProvider time,
    ILogger logger)
{
    /// <summary>The findings that the operator accepted.</summary>
    public ValueList<string> Accepted => options.Accepted;

    /// <summary>The records of the previous drivers of assigned devices.</summary>
    public BindingRecords Records => records;

    /// <summary>The origin of its plans, for their JSON.</summary>
    public PlanOrigin Origin { get; init; } = PlanOrigin.Unknown;

    /// <summary>Applies a plan; see <see cref="Plan.ApplyAsync"/>.</summary>
    public async Task ApplyAsync(AssignmentPlan plan, IProgress<PlanProgress>? progress, CancellationToken cancellationToken)
    {
        // One clock for all progress: that of the guest's answers comes from outside the engine, which is done by then.
        progress = progress is null ? null : new SafeProgress(progress, plan.Steps.Count, time, logger);
        var guest = options.VerifiesInGuest ? await BeginVerificationAsync(plan.Steps, cancellationToken).ConfigureAwait(false) : null;
        await new PlanEngine(options, time, logger).ApplyAsync(plan, CreateWork(plan), progress, cancellationToken).ConfigureAwait(false);
        if (guest is not null)
        {
            await guest.EndAsync(progress, logger, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Creates the work of a plan, for the engine.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="overruled">The ids that were accepted for the devices of the plan only because it is a part of a larger one.</param>
    public AssignmentWork CreateWork(AssignmentPlan plan, params ValueList<string> overruled) => new(plan, domain, drivers, records, askGuards, overruled, options, time, logger);

    /// <summary>Asks the guest for the devices that it has before the plan.</summary>
    /// <param name="steps">The steps of the plan.</param>
    /// <param name="cancellationToken">Ends the question; the devices are unknown then.</param>
    /// <returns>What is to be ended after the plan; null if no step plugs a device into a running domain.</returns>
    public Task<GuestVerification?> BeginVerificationAsync(ValueList<PlanStep> steps, CancellationToken cancellationToken) =>
        GuestVerification.BeginAsync(steps, domain, records, options, time, cancellationToken);
}
