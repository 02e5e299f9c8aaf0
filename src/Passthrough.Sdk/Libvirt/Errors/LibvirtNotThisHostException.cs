using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.Libvirt;

/// <summary>
/// The exception that is thrown when devices of this machine are planned for or checked with a connection that is not known to lead to
/// this machine. Nothing was changed.
/// </summary>
/// <remarks>Thread safety: immutable.</remarks>
public sealed class LibvirtNotThisHostException : PassthroughException
{
    internal LibvirtNotThisHostException(string uri, LibvirtPlace place)
        : base($"the connection '{uri}' {(place.IsThisHost == false ? "does not lead to this machine" : "is not known to lead to this machine")}: {place.Reason}; "
            + "the devices of this machine cannot be checked against the domains of another: run this on that host, with its local URI such as qemu:///system")
    {
        Uri = uri;
        Place = place;
    }

    /// <summary>Gets the connection's URI (<c>virsh uri</c>).</summary>
    public string Uri { get; }

    /// <summary>Gets what is known about the machine to which the connection leads.</summary>
    public LibvirtPlace Place { get; }
}
