using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.Libvirt;

/// <summary>
/// The exception with which a loop over events ends if they came faster than they were read, so that at least one was lost. It is thrown after the events
/// that were kept.
/// </summary>
/// <remarks>
/// What happened since is not known: subscribe again, and then read the state of the domains and devices. <see cref="LibvirtConnectionOptions.EventCapacity"/>
/// is the number of events that a subscription keeps. Thread safety: immutable.
/// </remarks>
public sealed class LibvirtEventsLostException : PassthroughException
{
    /// <summary>Creates an exception.</summary>
    public LibvirtEventsLostException()
        : base("events of libvirt came faster than they were read, and at least one was lost; subscribe again, and then read the state of what you watch")
    {
    }
}
