namespace Passthrough.Sdk.Assignment;

/// <summary>Which way a plan goes.</summary>
public enum AssignmentIntent
{
    /// <summary>From the host to the domain.</summary>
    Assign = 0,

    /// <summary>From the domain back to the host.</summary>
    Release = 1,
}
