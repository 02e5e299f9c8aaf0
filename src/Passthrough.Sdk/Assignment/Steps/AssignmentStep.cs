using Passthrough.Sdk.Plans;

namespace Passthrough.Sdk.Assignment.Steps;

/// <summary>
/// A kind of step, with everything about it in one place: when a plan needs it, its description, what it does, how it is verified and
/// undone. It becomes part of plans by its position in <see cref="AssignmentSteps"/>.
/// </summary>
internal abstract class AssignmentStep
{
    /// <summary>The kind, as in the journal.</summary>
    public abstract PlanStepKind Kind { get; }

    /// <summary>Whether it takes the device from the host, so that the guards are checked again before it.</summary>
    public virtual bool TakesDevice => false;

    /// <summary>Whether it changes the domain's definition and nothing on the host, so that it is undone in any boot.</summary>
    public virtual bool ChangesDefinitionOnly => false;

    /// <summary>Whether the domain, its definition or its guest, has the device after it.</summary>
    public virtual bool GivesToDomain => false;

    /// <summary>Whether the running guest loses the device by it.</summary>
    public virtual bool TakesFromGuest => false;

    /// <summary>Whether the host's driver of the device, or its override, changes with it.</summary>
    public virtual bool ChangesDriver => false;

    /// <summary>Returns the element of the device that gets into the domain by the step; null if it does not get in.</summary>
    public virtual string? ElementOf(AssignedDevice device) => null;

    /// <summary>Returns whether a plan needs it for a device: a step whose result already holds is left out.</summary>
    public abstract bool IsNeeded(AssignedDevice device, AssignmentFacts facts);

    /// <summary>Describes it for a device.</summary>
    public abstract StepWords Describe(AssignedDevice device, AssignmentFacts facts);

    /// <summary>Does the step and verifies its result.</summary>
    public abstract Task ApplyAsync(StepContext context, CancellationToken cancellationToken);

    /// <summary>
    /// Undoes it, as far as it was done, and verifies the result. It checks the state before it acts: after a crash it is unknown whether the step was
    /// complete, incomplete or not begun, so it must be correct in all three cases.
    /// </summary>
    public abstract Task UndoAsync(StepContext context);

    /// <summary>Returns whether something that it requested may still happen after it failed, although it was undone.</summary>
    public virtual bool MayStillHappen(Exception error) => false;
}
