namespace Passthrough.Sdk.Libvirt;

/// <summary>The state of a domain: virDomainState.</summary>
/// <remarks>A state that this library does not know keeps its number. <c>virsh domstate</c>.</remarks>
public enum DomainState
{
    /// <summary>The hypervisor does not report the state.</summary>
    None = 0,

    /// <summary>The domain is running.</summary>
    Running = 1,

    /// <summary>The domain waits for a resource (Xen).</summary>
    Blocked = 2,

    /// <summary>The domain is paused; it still owns its devices.</summary>
    Paused = 3,

    /// <summary>The domain is shutting down.</summary>
    Shutdown = 4,

    /// <summary>The domain is shut off.</summary>
    Shutoff = 5,

    /// <summary>The domain has crashed.</summary>
    Crashed = 6,

    /// <summary>The guest has suspended itself.</summary>
    PmSuspended = 7,
}
