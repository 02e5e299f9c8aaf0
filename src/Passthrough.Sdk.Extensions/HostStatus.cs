using Passthrough.Sdk.DesiredState;
using Passthrough.Sdk.Host;
using Passthrough.Sdk.Readiness;

namespace Passthrough.Sdk.Extensions;

/// <summary>A host at one moment, with the verdicts about it.</summary>
/// <param name="Snapshot">The host.</param>
/// <param name="Readiness">Whether passthrough works on it, and for <see cref="PassthroughOptions.Devices"/>.</param>
/// <remarks>Thread safety: immutable.</remarks>
public sealed record HostStatus(HostSnapshot Snapshot, ReadinessReport Readiness)
{
    /// <summary>Gets how the host differs from its desired state; null if there is none, or if it cannot be compared (<see cref="StateProblem"/>).</summary>
    public StateReport? State { get; init; }

    /// <summary>Gets why the host cannot be compared with its desired state, for example because the file cannot be read; null if it can.</summary>
    public string? StateProblem { get; init; }
}
