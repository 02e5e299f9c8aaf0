using Passthrough.Sdk.Plans;

namespace Passthrough.Sdk.Assignment.Steps;

/// <summary>
/// One kind of step, everything about it in one place: when a plan needs it, how it is described, what it does, how it is verified and
/// taken back. It becomes part of plans by its place in <see cref="AssignmentSteps"/>.
/// </summary>
internal abstract class AssignmentStep
{
    /// <summary>The kind, by which the journal names it.</summary>
    public abstract PlanStepKind Kind { get; }

    /// <summary>Whether it takes the device from the host, so that the guards are asked again before it.</summary>
    public virtual bool TakesDevice => false;

    /// <summary>Whether it changes the domain's definition and nothing of the host, so that it is undone in any boot.</summary>
    public virtual bool ChangesDefinitionOnly => false;

    /// <summary>Whether a plan needs it for a device: what is so already is no step.</summary>
    public abstract bool IsNeeded(AssignedDevice device, AssignmentFacts facts);

    /// <summary>Describes it for a device.</summary>
    public abstract StepWords Describe(AssignedDevice device, AssignmentFacts facts);

    /// <summary>Does the step and verifies its result.</summary>
    public abstract Task ApplyAsync(StepContext context, CancellationToken cancellationToken);

    /// <summary>
    /// Takes it back, as far as it was done, and verifies that. It looks before it acts: after a crash nobody knows whether the step was
    /// done, half done or not begun, so it must be right in all three cases.
    /// </summary>
    public abstract Task UndoAsync(StepContext context);

    /// <summary>Whether what it asked for may still happen after it failed, although it was undone.</summary>
    public virtual bool MayStillHappen(Exception error) => false;
}
