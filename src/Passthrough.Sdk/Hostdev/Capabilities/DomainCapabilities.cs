using Passthrough.Sdk.Hostdev.Xml;

namespace Passthrough.Sdk.Hostdev.Capabilities;

/// <summary>
/// The capabilities that a hypervisor offers to domains: the <c>&lt;domainCapabilities&gt;</c> of <c>virConnectGetDomainCapabilities</c>
/// (<c>virsh domcapabilities</c>), as far as host devices go.
/// </summary>
/// <remarks>Thread safety: immutable.</remarks>
public sealed record DomainCapabilities
{
    internal DomainCapabilities(XmlElementView element)
    {
        Emulator = element.Text("path");
        DomainType = element.Text("domain");
        Machine = element.Text("machine");
        Architecture = element.Text("arch");
        HostDeviceSupport = element.Single("devices")?.Single("hostdev") is { } hostdev ? new(hostdev) : null;
    }

    /// <summary>Gets the emulator's path; null if it is not specified.</summary>
    public string? Emulator { get; }

    /// <summary>Gets the domain type of the query: <c>kvm</c>, <c>qemu</c>, <c>xen</c>, ...; null if it is not specified.</summary>
    public string? DomainType { get; }

    /// <summary>Gets the machine type of the query; null if it is not specified.</summary>
    public string? Machine { get; }

    /// <summary>Gets the guest's architecture; null if it is not specified.</summary>
    public string? Architecture { get; }

    /// <summary>Gets the support for host devices; null if libvirt does not report it.</summary>
    public HostDeviceSupport? HostDeviceSupport { get; }

    /// <summary>Reads a <c>&lt;domainCapabilities&gt;</c> document.</summary>
    /// <param name="xml">The document.</param>
    /// <exception cref="LibvirtXmlException">The text is not well-formed or is not such a document.</exception>
    public static DomainCapabilities Parse(string xml)
    {
        var root = XmlTree.Parse(xml).Root;
        return root.Name is "domainCapabilities"
            ? new(root)
            : throw root.Error("is not a description of capabilities;  <domainCapabilities> is expected");
    }
}
