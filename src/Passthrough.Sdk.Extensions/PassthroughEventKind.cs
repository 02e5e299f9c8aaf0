namespace Passthrough.Sdk.Extensions;

/// <summary>The kinds of events of <see cref="IPassthroughEvents"/>.</summary>
public enum PassthroughEventKind
{
    /// <summary>A PCI function of the host changed (<see cref="PassthroughEvent.Change"/>).</summary>
    HostChanged = 0,

    /// <summary>The findings about the readiness of the host changed.</summary>
    ReadinessChanged = 1,

    /// <summary>The differences between the host and its desired state changed: drift appeared, or was corrected.</summary>
    StateChanged = 2,
}
