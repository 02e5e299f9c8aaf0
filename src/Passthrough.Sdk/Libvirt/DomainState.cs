namespace Passthrough.Sdk.Libvirt;

/// <summary>What a domain is doing: virDomainState.</summary>
/// <remarks>An open set: a newer state is kept as its number. <c>virsh domstate</c>.</remarks>
public enum DomainState
{
    /// <summary>The hypervisor does not say.</summary>
    None = 0,

    /// <summary>It runs.</summary>
    Running = 1,

    /// <summary>It waits for a resource (Xen).</summary>
    Blocked = 2,

    /// <summary>It is paused; its devices are still its own.</summary>
    Paused = 3,

    /// <summary>It is shutting itself down.</summary>
    Shutdown = 4,

    /// <summary>It does not run.</summary>
    Shutoff = 5,

    /// <summary>It has crashed.</summary>
    Crashed = 6,

    /// <summary>The guest has suspended itself.</summary>
    PmSuspended = 7,
}
