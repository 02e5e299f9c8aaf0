namespace Passthrough.Sdk.Libvirt;

/// <summary>The changes of the state of a domain: virDomainEventType.</summary>
/// <remarks>A value that this library does not know keeps its number.</remarks>
public enum DomainLifecycle
{
    /// <summary>The domain was defined, or its definition was replaced.</summary>
    Defined = 0,

    /// <summary>The definition was removed.</summary>
    Undefined = 1,

    /// <summary>The domain was started.</summary>
    Started = 2,

    /// <summary>The domain was paused.</summary>
    Suspended = 3,

    /// <summary>The domain was resumed after a pause.</summary>
    Resumed = 4,

    /// <summary>The domain stopped; its devices are free.</summary>
    Stopped = 5,

    /// <summary>The guest has shut down; the emulator is still running.</summary>
    Shutdown = 6,

    /// <summary>The guest has suspended itself.</summary>
    PmSuspended = 7,

    /// <summary>The guest has crashed.</summary>
    Crashed = 8,
}
