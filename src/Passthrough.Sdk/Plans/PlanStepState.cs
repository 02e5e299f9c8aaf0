namespace Passthrough.Sdk.Plans;

/// <summary>The states of a step.</summary>
public enum PlanStepState
{
    /// <summary>The intent is in the journal, and the step is being done.</summary>
    Started = 0,

    /// <summary>The step was done, and its result was verified.</summary>
    Done = 1,

    /// <summary>The step failed; it and all steps before it are being undone.</summary>
    Failed = 2,

    /// <summary>The step was undone, and the result was verified.</summary>
    Undone = 3,

    /// <summary>The step could not be undone; the journal keeps it for <see cref="PassthroughHost.RecoverAsync"/>.</summary>
    UndoFailed = 4,

    /// <summary>
    /// The plan is complete, and the guest was asked whether it lists the device of the step; <see cref="PlanProgress.Guest"/> has the answer.
    /// Nothing is undone, whatever it is.
    /// </summary>
    CheckedInGuest = 5,
}
