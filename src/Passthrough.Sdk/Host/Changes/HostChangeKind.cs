namespace Passthrough.Sdk.Host.Changes;

/// <summary>What happened to a PCI function.</summary>
public enum HostChangeKind
{
    /// <summary>The watch begins here; the snapshot is the first.</summary>
    Started = 0,

    /// <summary>It came (<c>add</c>).</summary>
    Added = 1,

    /// <summary>It went (<c>remove</c>).</summary>
    Removed = 2,

    /// <summary>A driver took it (<c>bind</c>).</summary>
    Bound = 3,

    /// <summary>A driver let go of it (<c>unbind</c>).</summary>
    Unbound = 4,

    /// <summary>Something else about it changed (<c>change</c>, <c>online</c>, <c>offline</c>, <c>move</c>).</summary>
    Changed = 5,

    /// <summary>Changes came faster than they were read and some are lost; the snapshot was captured anew after that.</summary>
    Overflowed = 6,
}
