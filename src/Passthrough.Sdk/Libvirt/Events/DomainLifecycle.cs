namespace Passthrough.Sdk.Libvirt;

/// <summary>What happened to a domain: virDomainEventType.</summary>
/// <remarks>An open set: what is newer is kept as its number.</remarks>
public enum DomainLifecycle
{
    /// <summary>It was defined, or its definition replaced.</summary>
    Defined = 0,

    /// <summary>Its definition was removed.</summary>
    Undefined = 1,

    /// <summary>It was started.</summary>
    Started = 2,

    /// <summary>It was paused.</summary>
    Suspended = 3,

    /// <summary>It runs again after a pause.</summary>
    Resumed = 4,

    /// <summary>It no longer runs; its devices are free.</summary>
    Stopped = 5,

    /// <summary>The guest has shut down; the emulator still runs.</summary>
    Shutdown = 6,

    /// <summary>The guest has suspended itself.</summary>
    PmSuspended = 7,

    /// <summary>The guest has crashed.</summary>
    Crashed = 8,
}
