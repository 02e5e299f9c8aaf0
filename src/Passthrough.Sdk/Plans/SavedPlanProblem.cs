namespace Passthrough.Sdk.Plans;

/// <summary>The reasons for refusing a saved plan.</summary>
public enum SavedPlanProblem
{
    /// <summary>The text is not a plan, or is damaged.</summary>
    Damaged = 0,

    /// <summary>A newer version of the library wrote it.</summary>
    NewerFormat = 1,

    /// <summary>The plan was made on another host, or it cannot be determined on which.</summary>
    OtherHost = 2,

    /// <summary>The host was rebooted since, so its drivers and devices may have changed.</summary>
    OtherBoot = 3,

    /// <summary>The device at one of the addresses was replaced.</summary>
    OtherDevice = 4,

    /// <summary>The domain no longer exists.</summary>
    DomainNotFound = 5,

    /// <summary>The steps would now differ from those that the plan showed.</summary>
    StepsDiffer = 6,

    /// <summary>An accepted finding differs from the one that the plan showed.</summary>
    FindingsDiffer = 7,

    /// <summary>The plan is for a desired state, which is applied from the state itself: its JSON shows only what can be planned at first.</summary>
    AppliedFromState = 8,
}
