using System.Collections.ObjectModel;
using System.Runtime.Versioning;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Hostdev;
using Passthrough.Sdk.Hostdev.Capabilities;
using Passthrough.Sdk.Hostdev.Xml;
using Passthrough.Sdk.Pci;

namespace Passthrough.Sdk.Libvirt;

/// <summary>The facts from libvirt about itself and about the devices that its domains own or request.</summary>
/// <remarks>Information that libvirt does not provide is unknown, with the reason. Thread safety: immutable.</remarks>
public sealed record LibvirtFacts
{
    private const string CapabilitiesSource = "virConnectGetDomainCapabilities";
    private const string HostSource = "virConnectGetCapabilities";
    private const string NoAnswer = "libvirt did not answer";

    /// <summary>Gets the URI of the queried libvirt.</summary>
    public required string Uri { get; init; }

    /// <summary>Gets libvirt's version. It is unknown, with libvirt's reason, if libvirt did not answer.</summary>
    public Fact<Version> Version { get; init; }

    /// <summary>Gets the reason why libvirt did not answer; null if it answered, or if no libvirt is installed on this machine.</summary>
    public LibvirtException? Error { get; init; }

    /// <summary>
    /// Gets the ways in which this libvirt can assign PCI devices, such as <c>vfio</c>, according to its own check of the host (domain
    /// capabilities, <c>pciBackend</c>). Known and empty if there is none; unknown if the driver has no such list.
    /// </summary>
    public Fact<ValueList<string>> PciBackends { get; init; }

    /// <summary>
    /// Gets whether the hypervisor uses an IOMMU, according to libvirt: for QEMU, whether there are IOMMU groups. On Xen, false has no
    /// meaning, because libvirt 9.0 reports it even if Xen uses an IOMMU. Unknown if the driver does not report it. Source:
    /// <c>&lt;iommu support=...&gt;</c> of virConnectGetCapabilities.
    /// </summary>
    public Fact<bool> HasIommu { get; init; }

    /// <summary>
    /// Gets the architectures of the guests that the hypervisor can run; known and empty if it found no emulator.
    /// Source: <c>&lt;guest&gt;</c> of virConnectGetCapabilities (<c>virsh capabilities</c>).
    /// </summary>
    public Fact<ValueList<string>> GuestArchitectures { get; init; }

    /// <summary>Gets the running domains that own PCI devices of the host, by device.</summary>
    public IReadOnlyDictionary<PciAddress, string> Owners { get; init; } = ReadOnlyDictionary<PciAddress, string>.Empty;

    /// <summary>
    /// Gets every PCI function of the host that a running domain has or that a persistent definition requests, in any part of the XML,
    /// including pools of networks. Empty if libvirt did not answer.
    /// </summary>
    public ValueList<DomainDeviceUse> Uses { get; init; } = [];

    /// <summary>
    /// Gets every mediated device of the host that a running domain has or that a persistent definition requests. Empty if libvirt did
    /// not answer.
    /// </summary>
    public ValueList<DomainMediatedUse> MediatedUses { get; init; } = [];

    /// <summary>Gets whether the connection leads to this machine. Only then are these facts used for verdicts about this machine's devices.</summary>
    public LibvirtPlace Place { get; init; } = LibvirtPlace.NotAsked;

    /// <summary>The caller's connection that they came from; null where one was opened for them.</summary>
    private ILibvirtConnection? Connection { get; init; }

    /// <summary>
    /// Queries libvirt (<c>virsh version</c>, <c>domcapabilities</c>, <c>capabilities</c>; <c>dumpxml</c> of each domain, with and without
    /// <c>--inactive</c>; <c>net-dumpxml</c>).
    /// </summary>
    /// <param name="uri">The hypervisor's URI, <c>qemu:///system</c>.</param>
    /// <exception cref="LibvirtXmlException">The XML of a domain or a network cannot be read.</exception>
    /// <exception cref="PlatformNotSupportedException">This machine does not run Linux.</exception>
    [SupportedOSPlatform("linux")]
    public static LibvirtFacts Read(string uri)
    {
        ArgumentException.ThrowIfNullOrEmpty(uri);
        return Ask(uri, () =>
        {
            using var connection = LibvirtConnection.Open(uri);
            return Describe(connection, uri);
        });
    }

    /// <summary>Queries libvirt over an open connection, as <see cref="Read(string)"/> does over a new one.</summary>
    /// <param name="connection">The connection; it stays open. A plan that is made with these facts queries it again when it is applied.</param>
    /// <exception cref="LibvirtXmlException">The XML of a domain or a network cannot be read.</exception>
    public static LibvirtFacts Read(ILibvirtConnection connection)
    {
        ArgumentNullException.ThrowIfNull(connection);
        return Ask(connection.Uri, () => Describe(connection, connection.Uri)) with { Connection = connection };
    }

    /// <summary>Asks the same libvirt again.</summary>
    /// <param name="opens">Whether a connection may be opened for this; if not, these facts are returned.</param>
    internal LibvirtFacts ReadAgain(bool opens) => Connection is not null ? Read(Connection) : opens ? Read(Uri) : this;

    private static LibvirtFacts Describe(ILibvirtConnection connection, string uri)
    {
        var (hasIommu, architectures) = ReadCapabilities(connection.GetCapabilities());
        var place = LibvirtPlaceReader.Read(connection);
        var (uses, mediated) = DomainUsesReader.ReadAll(connection, place.IsThisHost == true && connection is LibvirtConnection ? HostDevicePaths.OfThisHost() : null);
        return new()
        {
            Uri = uri,
            Place = place,
            Uses = uses,
            MediatedUses = mediated,
            Version = Fact.Known(connection.GetLibvirtVersion(), "virConnectGetLibVersion"),
            PciBackends = ReadBackends(connection),
            HasIommu = hasIommu,
            GuestArchitectures = architectures,
            Owners = OwnersIn(uses),
        };
    }

    private static LibvirtFacts Ask(string uri, Func<LibvirtFacts> describe)
    {
        try
        {
            return describe();
        }
        catch (PassthroughException e) when (e is LibvirtException or LibvirtNotAvailableException)
        {
            return new()
            {
                Uri = uri,
                Version = Fact.Unknown<Version>("virConnectOpen", e.Message),
                Error = e as LibvirtException,
                PciBackends = Fact.Unknown<ValueList<string>>(CapabilitiesSource, NoAnswer),
                HasIommu = Fact.Unknown<bool>(HostSource, NoAnswer),
                GuestArchitectures = Fact.Unknown<ValueList<string>>(HostSource, NoAnswer),
            };
        }
    }

    /// <summary>
    /// Throws if these are the facts of another machine. Callers that judge the devices of this machine use it. If libvirt did not answer,
    /// there are no facts that could mislead, and nothing is thrown.
    /// </summary>
    /// <exception cref="LibvirtNotThisHostException">libvirt answered, and it is not known to run on this machine.</exception>
    public void RequireThisHost()
    {
        if (Version.IsKnown && Place.IsThisHost != true)
        {
            throw new LibvirtNotThisHostException(Uri, Place);
        }
    }

    /// <summary>Gets the running domains that own PCI devices of the host, by device.</summary>
    internal static ReadOnlyDictionary<PciAddress, string> OwnersIn(ValueList<DomainDeviceUse> uses)
    {
        var owners = new Dictionary<PciAddress, string>();
        foreach (var use in uses.Where(use => use.IsRunning))
        {
            owners.TryAdd(use.Device, use.Domain);
        }

        return owners.AsReadOnly();
    }

    /// <summary>Reads the facts from a <c>&lt;capabilities&gt;</c> document.</summary>
    internal static (Fact<bool> HasIommu, Fact<ValueList<string>> Architectures) ReadCapabilities(string xml)
    {
        var root = XmlTree.Parse(xml).Root;
        var architectures = new List<string>();
        foreach (var child in root.Children)
        {
            if (child.Name is "guest" && child.Child("arch")?.Attribute("name") is { } architecture)
            {
                architectures.Add(architecture);
            }
        }

        var iommu = root.Child("host")?.Child("iommu")?.Attribute("support") switch
        {
            "yes" => Fact.Known(true, HostSource),
            "no" => Fact.Known(false, HostSource),
            _ => Fact.Unknown<bool>(HostSource, "the capabilities have no <iommu support=...>"),
        };
        return (iommu, Fact.Known(architectures.ToValueList(), HostSource));
    }

    private static Fact<ValueList<string>> ReadBackends(ILibvirtConnection connection)
    {
        try
        {
            var support = DomainCapabilities.Parse(connection.GetDomainCapabilities()).HostDeviceSupport;
            return support is null
                ? Fact.Unknown<ValueList<string>>(CapabilitiesSource, "the domain capabilities have no <hostdev>")
                : Fact.Known<ValueList<string>>(support.Supported ? [.. support.PciBackends ?? []] : [], CapabilitiesSource);
        }
        catch (PassthroughException e) when (e is LibvirtException or LibvirtXmlException)
        {
            return Fact.Unknown<ValueList<string>>(CapabilitiesSource, e.Message);
        }
    }
}
