namespace Passthrough.Sdk.Assignment;

/// <summary>Which of the two descriptions of a domain a plan changes.</summary>
public enum AssignmentScope
{
    /// <summary>The running guest, if the domain runs, and its persistent definition, if it has one (<c>virsh attach-device --live --config</c>).</summary>
    Both = 0,

    /// <summary>The running guest only (<c>--live</c>): at its next start, the domain is as its definition says.</summary>
    Live = 1,

    /// <summary>The persistent definition only (<c>--config</c>), which counts from the next start of the domain on.</summary>
    Definition = 2,
}
