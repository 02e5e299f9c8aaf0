namespace Passthrough.Sdk.Plans;

/// <summary>Why a saved plan is not taken.</summary>
public enum SavedPlanProblem
{
    /// <summary>The text is no plan, or is damaged.</summary>
    Damaged = 0,

    /// <summary>A newer version of the library wrote it.</summary>
    NewerFormat = 1,

    /// <summary>It was made on another host, or nobody can tell on which.</summary>
    OtherHost = 2,

    /// <summary>The host was started again since, so that its drivers and devices may be others.</summary>
    OtherBoot = 3,

    /// <summary>Another device stands at one of the addresses.</summary>
    OtherDevice = 4,

    /// <summary>The domain does not exist any more.</summary>
    DomainNotFound = 5,

    /// <summary>What would be done now differs from what the plan showed.</summary>
    StepsDiffer = 6,

    /// <summary>A finding that was accepted is another one than the plan showed.</summary>
    FindingsDiffer = 7,
}
