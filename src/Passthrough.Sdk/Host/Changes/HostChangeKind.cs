namespace Passthrough.Sdk.Host.Changes;

/// <summary>The changes of a PCI function.</summary>
public enum HostChangeKind
{
    /// <summary>The watch begins here; the snapshot is the first.</summary>
    Started = 0,

    /// <summary>The function was added (<c>add</c>).</summary>
    Added = 1,

    /// <summary>The function was removed (<c>remove</c>).</summary>
    Removed = 2,

    /// <summary>A driver was bound (<c>bind</c>).</summary>
    Bound = 3,

    /// <summary>A driver was unbound (<c>unbind</c>).</summary>
    Unbound = 4,

    /// <summary>Something else about it changed (<c>change</c>, <c>online</c>, <c>offline</c>, <c>move</c>).</summary>
    Changed = 5,

    /// <summary>Changes arrived faster than they were read, and some were lost; the snapshot was captured after that.</summary>
    Overflowed = 6,
}
