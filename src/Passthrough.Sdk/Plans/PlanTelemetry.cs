using System.Diagnostics;
using Passthrough.Sdk.Telemetry;

namespace Passthrough.Sdk.Plans;

/// <summary>The activities and metrics of plans of every kind.</summary>
internal static class PlanTelemetry
{
    /// <summary>Applies a plan inside an activity, and measures it. Nothing is reported for a plan that has nothing to do.</summary>
    public static async Task ApplyAsync(Plan plan, Func<Task> apply)
    {
        if (plan.Steps.IsEmpty)
        {
            await apply().ConfigureAwait(false);
            return;
        }

        using var activity = Signals.Activities.StartActivity("passthrough.plan.apply");
        activity?.SetTag(Tag.PlanKind, Signals.Word(plan.Kind)).SetTag(Tag.PlanPurpose, plan.Purpose).SetTag(Tag.PlanStepCount, plan.Steps.Count);
        var started = Stopwatch.GetTimestamp();
        try
        {
            await apply().ConfigureAwait(false);
            End(plan, activity, started, null);
        }
        catch (Exception e)
        {
            End(plan, activity, started, e);
            throw;
        }
    }

    /// <summary>Begins the activity of a step.</summary>
    public static Activity? Begin(PlanStep step) => Signals.Activities.StartActivity("passthrough.plan.step")?
        .SetTag(Tag.StepNumber, step.Number).SetTag(Tag.StepKind, Signals.Word(step.Kind)).SetTag(Tag.StepDescription, step.Description);

    /// <summary>Begins the activity of an undo.</summary>
    public static Activity? BeginUndo() => Signals.Activities.StartActivity("passthrough.plan.undo");

    /// <summary>Counts a step that came to an end.</summary>
    public static void Count(PlanStep step, PlanStepState state)
    {
        if (Signals.PlanSteps.Enabled)
        {
            Signals.PlanSteps.Add(1, new(Tag.StepKind, Signals.Word(step.Kind)), new(Tag.StepOutcome, Signals.Word(state)));
        }
    }

    private static void End(Plan plan, Activity? activity, long started, Exception? error)
    {
        var outcome = error switch
        {
            null => "applied",
            PlanRefusedException => "refused",
            StalePlanException => "stale",
            OperationCanceledException => "cancelled",
            _ => "failed",
        };
        activity?.SetTag(Tag.PlanOutcome, outcome);
        var tags = new TagList { { Tag.PlanKind, Signals.Word(plan.Kind) }, { Tag.PlanOutcome, outcome } };
        if (error is not null)
        {
            activity.Fail(error);
            tags.Add(Tag.ErrorType, Signals.TypeOf(error));
        }

        Signals.PlanDuration.Record(Stopwatch.GetElapsedTime(started).TotalSeconds, tags);
    }
}
