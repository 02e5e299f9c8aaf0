namespace Passthrough.Sdk.Plans;

/// <summary>How far a step has come.</summary>
public enum PlanStepState
{
    /// <summary>Its intent stands in the journal; it is being done.</summary>
    Started = 0,

    /// <summary>It was done, and it was verified that it happened.</summary>
    Done = 1,

    /// <summary>It failed; it and all before it are being taken back.</summary>
    Failed = 2,

    /// <summary>It was taken back, and that was verified.</summary>
    Undone = 3,

    /// <summary>It could not be taken back; the journal keeps it for <see cref="PassthroughHost.RecoverAsync"/>.</summary>
    UndoFailed = 4,
}
