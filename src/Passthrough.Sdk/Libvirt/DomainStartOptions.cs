namespace Passthrough.Sdk.Libvirt;

/// <summary>How a domain is started: virDomainCreateFlags.</summary>
[Flags]
public enum DomainStartOptions
{
    /// <summary>As it is defined.</summary>
    None = 0,

    /// <summary>Paused before its first instruction (<c>--paused</c>).</summary>
    Paused = 1 << 0,

    /// <summary>Destroyed when the connection closes (<c>--autodestroy</c>).</summary>
    AutoDestroy = 1 << 1,

    /// <summary>A saved state is restored past the file system's cache (<c>--bypass-cache</c>).</summary>
    BypassCache = 1 << 2,

    /// <summary>A saved state is thrown away (<c>--force-boot</c>).</summary>
    ForceBoot = 1 << 3,
}
