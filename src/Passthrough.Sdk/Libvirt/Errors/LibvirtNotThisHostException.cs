using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.Libvirt;

/// <summary>
/// A plan or a verdict about this machine's devices was asked for over a connection that is not known to lead to this machine. Nothing
/// was changed.
/// </summary>
/// <remarks>Thread safety: immutable.</remarks>
public sealed class LibvirtNotThisHostException : PassthroughException
{
    internal LibvirtNotThisHostException(string uri, LibvirtPlace place)
        : base($"the connection '{uri}' {(place.IsThisHost == false ? "does not lead to this machine" : "is not known to lead to this machine")}: {place.Reason}; "
            + "this machine's devices are not judged by the domains of another: run this on that host, with its local URI such as qemu:///system")
    {
        Uri = uri;
        Place = place;
    }

    /// <summary>The connection's URI (<c>virsh uri</c>).</summary>
    public string Uri { get; }

    /// <summary>What is known of where the connection leads.</summary>
    public LibvirtPlace Place { get; }
}
