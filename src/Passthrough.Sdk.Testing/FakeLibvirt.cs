using System.Diagnostics.CodeAnalysis;
using System.Threading.Channels;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Hostdev.NodeDevices;
using Passthrough.Sdk.Libvirt;
using Passthrough.Sdk.Pci;

namespace Passthrough.Sdk.Testing;

/// <summary>
/// A libvirt in memory that controls a fake host: domains are defined, started and changed, and their devices are moved between the
/// drivers of the host as libvirt does it.
/// </summary>
/// <remarks>
/// <para>
/// It supports everything that a plan needs from libvirt, but nothing else: it has no networks, its node devices are PCI functions, and their events are
/// never reported. To simulate a failure, set
/// <see cref="Calling"/> or <see cref="FakeLibvirtDomain.AnswersUnplug"/>.
/// </para>
/// <para>Thread safety: all members may be called from several threads at the same time.</para>
/// </remarks>
/// <example>
/// <code>
/// using var fake = FakeHost.Create().AddSystem()
///     .AddPciDevice("0000:01:00.0", driver: "e1000e", iommuGroup: 9)
///     .AddNetworkInterface("0000:01:00.0", "enp1s0");
/// using var libvirt = new FakeLibvirt(fake);
/// var guest = libvirt.AddDomain("vm1", isRunning: true);
///
/// var plan = fake.Open().Plan([PciAddress.Parse("0000:01:00.0")], guest);
/// await plan.ApplyAsync();
///
/// Assert.Equal("vfio-pci", fake.DriverOf("0000:01:00.0"));
/// </code>
/// </example>
public sealed class FakeLibvirt : ILibvirtConnection
{
    private readonly List<FakeLibvirtDomain> _domains = [];
    private readonly List<string> _calls = [];
    private readonly List<Channel<LibvirtDomainEvent>> _subscribers = [];

    /// <summary>Creates a libvirt without domains.</summary>
    /// <param name="host">The host whose devices it assigns to guests.</param>
    /// <param name="uri">Its URI; if it names another machine, every plan is refused.</param>
    public FakeLibvirt(FakeHost host, string uri = "qemu:///system")
    {
        ArgumentNullException.ThrowIfNull(host);
        ArgumentException.ThrowIfNullOrEmpty(uri);
        Host = host;
        Uri = uri;
    }

    /// <summary>
    /// Gets the delegate that is called before each call that changes something, with the name of libvirt's function (<c>virDomainAttachDeviceFlags</c>). What
    /// the delegate throws is thrown by the call; while it blocks, the call does not answer.
    /// </summary>
    /// <example><code>libvirt.Calling = call => { if (call == "virDomainAttachDeviceFlags") throw FakeLibvirt.Error(LibvirtErrorCode.InternalError, "no"); };</code></example>
    public Action<string>? Calling { get; set; }

    /// <summary>Gets the names of libvirt's functions that were called to change something, in order, also of those that failed.</summary>
    public ValueList<string> Calls
    {
        get
        {
            lock (_calls)
            {
                return [.. _calls];
            }
        }
    }

    /// <summary>
    /// Gets or sets whether the connection to the daemon is lost. <see cref="IsAlive"/> is false then, and every call that changes something fails with
    /// <see cref="LibvirtConnectionLostException"/>, as that of a real connection whose daemon has ended. What only reads still answers.
    /// </summary>
    public bool IsLost { get; set; }

    /// <inheritdoc/>
    public string Uri { get; }

    /// <inheritdoc/>
    public bool IsReadOnly => false;

    internal FakeHost Host { get; }

    /// <summary>One lock for all domains, since a device goes from one to another.</summary>
    internal Lock Gate => Host.Gate;

    /// <summary>Creates an error like libvirt's own, to throw from <see cref="Calling"/>.</summary>
    /// <param name="code">The code.</param>
    /// <param name="message">libvirt's message.</param>
    public static LibvirtException Error(LibvirtErrorCode code, string message) => new(message, code, LibvirtErrorDomain.Qemu, message);

    /// <summary>Defines a domain with a few free PCI Express ports.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="isRunning">Whether it is started as well.</param>
    public FakeLibvirtDomain AddDomain(string name, bool isRunning = false)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        var domain = Define(FakeDomainXml.New(name));
        if (isRunning)
        {
            domain.Start();
        }

        return domain;
    }

    /// <inheritdoc/>
    public bool IsAlive() => !IsLost;

    /// <inheritdoc/>
    public string GetDriverType() => "QEMU";

    /// <inheritdoc/>
    public string GetHostname() => "fake";

    /// <inheritdoc/>
    public Version GetLibvirtVersion() => new(10, 0, 0);

    /// <inheritdoc/>
    public Version GetHypervisorVersion() => new(8, 2, 0);

    /// <inheritdoc/>
    public string GetCapabilities() =>
        "<capabilities><host><uuid>7b4d1a5e-0000-4000-8000-000000000001</uuid><iommu support='yes'/></host><guest><os_type>hvm</os_type><arch name='x86_64'/></guest></capabilities>";

    /// <inheritdoc/>
    public string GetDomainCapabilities(string? emulator = null, string? architecture = null, string? machine = null, string? virtualizationType = null) =>
        "<domainCapabilities><devices><hostdev supported='yes'><enum name='pciBackend'><value>vfio</value></enum></hostdev></devices></domainCapabilities>";

    /// <inheritdoc/>
    public ILibvirtDomain GetDomain(string name) =>
        TryGetDomain(name, out var domain) ? domain : throw Error(LibvirtErrorCode.NoDomain, $"Domain not found: no domain with matching name '{name}'");

    /// <inheritdoc/>
    public ILibvirtDomain GetDomain(Guid uuid) =>
        TryGetDomain(uuid, out var domain) ? domain : throw Error(LibvirtErrorCode.NoDomain, $"Domain not found: no domain with matching uuid '{uuid}'");

    /// <inheritdoc/>
    public bool TryGetDomain(string name, [NotNullWhen(true)] out ILibvirtDomain? domain)
    {
        domain = Find(each => each.Name == name);
        return domain is not null;
    }

    /// <inheritdoc/>
    public bool TryGetDomain(Guid uuid, [NotNullWhen(true)] out ILibvirtDomain? domain)
    {
        domain = Find(each => each.Uuid == uuid);
        return domain is not null;
    }

    /// <inheritdoc/>
    public ValueList<ILibvirtDomain> GetDomains()
    {
        lock (Gate)
        {
            return [.. _domains];
        }
    }

    /// <inheritdoc/>
    public ILibvirtDomain DefineDomain(string xml, bool validate = false)
    {
        ArgumentException.ThrowIfNullOrEmpty(xml);
        Call("virDomainDefineXMLFlags");
        return Define(xml);
    }

    /// <inheritdoc/>
    public ILibvirtNodeDevice GetNodeDevice(PciAddress address) => GetNodeDevice(address.NodeDeviceName);

    /// <inheritdoc/>
    public ILibvirtNodeDevice GetNodeDevice(string name) =>
        TryGetNodeDevice(name, out var device) ? device : throw Error(LibvirtErrorCode.NoNodeDevice, $"Node device not found: no node device with matching name '{name}'");

    /// <inheritdoc/>
    public bool TryGetNodeDevice(PciAddress address, [NotNullWhen(true)] out ILibvirtNodeDevice? device) => TryGetNodeDevice(address.NodeDeviceName, out device);

    /// <inheritdoc/>
    public bool TryGetNodeDevice(string name, [NotNullWhen(true)] out ILibvirtNodeDevice? device)
    {
        device = Host.Addresses.Where(address => address.NodeDeviceName == name).Select(address => new FakeLibvirtNodeDevice(this, address)).FirstOrDefault();
        return device is not null;
    }

    /// <inheritdoc/>
    public ValueList<ILibvirtNodeDevice> GetNodeDevices(NodeDeviceKinds kinds = NodeDeviceKinds.Pci, NodeDeviceStates states = NodeDeviceStates.Any)
    {
        // Functions are there, and nobody defined them.
        var areWanted = (kinds is NodeDeviceKinds.Any || kinds.HasFlag(NodeDeviceKinds.Pci))
            && (states.HasFlag(NodeDeviceStates.Active) || !states.HasFlag(NodeDeviceStates.Inactive))
            && (states.HasFlag(NodeDeviceStates.Transient) || !states.HasFlag(NodeDeviceStates.Persistent));
        return areWanted ? [.. Host.Addresses.Order().Select(address => new FakeLibvirtNodeDevice(this, address))] : [];
    }

    /// <inheritdoc/>
    /// <remarks>Fails as on a host without <c>mdevctl</c>: this libvirt has no mediated devices, whose files <see cref="Host"/> has.</remarks>
    public ILibvirtNodeDevice CreateNodeDevice(string xml, bool validate = false) => throw WithoutMdevctl("virNodeDeviceCreateXML", xml);

    /// <inheritdoc/>
    /// <remarks>Fails as on a host without <c>mdevctl</c>: this libvirt has no mediated devices, whose files <see cref="Host"/> has.</remarks>
    public ILibvirtNodeDevice DefineNodeDevice(string xml, bool validate = false) => throw WithoutMdevctl("virNodeDeviceDefineXML", xml);

    /// <inheritdoc/>
    public ValueList<string> GetNetworkDescriptions() => [];

    /// <inheritdoc/>
    public LibvirtSubscription<LibvirtDomainEvent> SubscribeDomainEvents()
    {
        var channel = Channel.CreateUnbounded<LibvirtDomainEvent>();
        lock (Gate)
        {
            _subscribers.Add(channel);
        }

        return new(channel.Reader, () => Unsubscribe(channel));
    }

    /// <inheritdoc/>
    public LibvirtSubscription<LibvirtNodeDeviceEvent> SubscribeNodeDeviceEvents() => new(Channel.CreateUnbounded<LibvirtNodeDeviceEvent>().Reader, () => { });

    /// <summary>Does nothing: the domains live on, and the connection can be used again, as one of a program that opens it twice.</summary>
    public void Dispose()
    {
    }

    private LibvirtException WithoutMdevctl(string function, string xml)
    {
        ArgumentException.ThrowIfNullOrEmpty(xml);
        Call(function);
        return NodeDeviceDescription.Parse(xml).Capabilities.Any(capability => capability.Type is "mdev")
            ? Error(LibvirtErrorCode.SystemError, "Cannot find 'mdevctl' in path: No such file or directory")
            : FakeLibvirtNodeDevice.Unsupported();
    }

    internal void Call(string function)
    {
        lock (_calls)
        {
            _calls.Add(function);
        }

        Calling?.Invoke(function);
        if (IsLost)
        {
            throw new LibvirtConnectionLostException($"the connection to '{Uri}' is lost; connect again", "Cannot recv data: Connection reset by peer");
        }
    }

    internal void Report(LibvirtDomainEvent happened)
    {
        lock (Gate)
        {
            _subscribers.ForEach(channel => channel.Writer.TryWrite(happened));
        }
    }

    internal void Forget(FakeLibvirtDomain domain)
    {
        lock (Gate)
        {
            _domains.Remove(domain);
        }
    }

    /// <summary>The running domain that has a device.</summary>
    internal FakeLibvirtDomain? OwnerOf(PciAddress device)
    {
        lock (Gate)
        {
            return _domains.FirstOrDefault(domain => domain.Has(device));
        }
    }

    private FakeLibvirtDomain Define(string xml)
    {
        var (name, uuid) = FakeDomainXml.IdentityOf(xml);
        FakeLibvirtDomain? domain;
        var isNew = false;
        lock (Gate)
        {
            domain = _domains.FirstOrDefault(each => each.Name == name);
            if ((domain is not null && uuid is not null && domain.Uuid != uuid) || _domains.Exists(each => each.Uuid == uuid && each.Name != name))
            {
                var other = domain ?? _domains.First(each => each.Uuid == uuid);
                throw Error(LibvirtErrorCode.OperationFailed, $"operation failed: domain '{other.Name}' already exists with uuid {other.Uuid}");
            }

            if (domain is null)
            {
                domain = new(this, name, uuid ?? Guid.NewGuid());
                _domains.Add(domain);
                isNew = true;
            }

            domain.SetDefinition(uuid is null ? FakeDomainXml.SetUuid(xml, domain.Uuid) : xml);
        }

        Report(new LibvirtDomainLifecycleEvent(domain.Name, domain.Uuid, DomainLifecycle.Defined, isNew ? 0 : 1)); // VIR_DOMAIN_EVENT_DEFINED_ADDED, _UPDATED
        return domain;
    }

    private FakeLibvirtDomain? Find(Func<FakeLibvirtDomain, bool> wanted)
    {
        lock (Gate)
        {
            return _domains.FirstOrDefault(wanted);
        }
    }

    private void Unsubscribe(Channel<LibvirtDomainEvent> channel)
    {
        lock (Gate)
        {
            _subscribers.Remove(channel);
        }

        channel.Writer.TryComplete();
    }
}
