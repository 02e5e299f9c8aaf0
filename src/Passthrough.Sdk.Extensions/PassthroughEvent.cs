using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Host.Changes;
using Passthrough.Sdk.Readiness;

namespace Passthrough.Sdk.Extensions;

/// <summary>Something that the hosted service noticed about the host.</summary>
/// <remarks>Thread safety: immutable.</remarks>
public sealed record PassthroughEvent
{
    /// <summary>Gets the kind of the event.</summary>
    public required PassthroughEventKind Kind { get; init; }

    /// <summary>Gets when the event was noticed.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Gets the change of the host; null unless the kind is <see cref="PassthroughEventKind.HostChanged"/>.</summary>
    public HostChange? Change { get; init; }

    /// <summary>Gets the status of the host after the event; null if the kind is <see cref="PassthroughEventKind.HostChanged"/>.</summary>
    public HostStatus? Status { get; init; }

    /// <summary>Gets the findings that are new; of the first event, all findings.</summary>
    public ValueList<Finding> Appeared { get; init; } = [];

    /// <summary>Gets the findings that no longer apply.</summary>
    public ValueList<Finding> Resolved { get; init; } = [];

    /// <summary>
    /// Gets how many events this subscriber lost immediately before this one, because it read more slowly than they arrived. If it is not 0,
    /// read <see cref="IHostStatusCache.GetAsync"/> instead of counting on the events.
    /// </summary>
    public long Missed { get; init; }
}
