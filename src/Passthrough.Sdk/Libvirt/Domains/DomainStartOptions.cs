namespace Passthrough.Sdk.Libvirt;

/// <summary>The options for starting a domain: virDomainCreateFlags.</summary>
[Flags]
public enum DomainStartOptions
{
    /// <summary>Starts the domain as defined.</summary>
    None = 0,

    /// <summary>Starts the domain paused, before its first instruction (<c>--paused</c>).</summary>
    Paused = 1 << 0,

    /// <summary>Destroys the domain when the connection closes (<c>--autodestroy</c>).</summary>
    AutoDestroy = 1 << 1,

    /// <summary>Bypasses the file system's cache when a saved state is restored (<c>--bypass-cache</c>).</summary>
    BypassCache = 1 << 2,

    /// <summary>Discards a saved state (<c>--force-boot</c>).</summary>
    ForceBoot = 1 << 3,
}
