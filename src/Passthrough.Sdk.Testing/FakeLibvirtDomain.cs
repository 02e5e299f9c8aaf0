using System.Xml.Linq;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Libvirt;
using Passthrough.Sdk.Pci;

namespace Passthrough.Sdk.Testing;

/// <summary>A domain of a <see cref="FakeLibvirt"/>: its definition, what it has while it runs, and a guest that answers or does not.</summary>
/// <remarks>Thread safety: all members may be called from several threads at the same time.</remarks>
public sealed class FakeLibvirtDomain : ILibvirtDomain
{
    private readonly FakeLibvirt _libvirt;
    private readonly HashSet<PciAddress> _taken = [];

    private string? _definition;
    private string? _live;

    internal FakeLibvirtDomain(FakeLibvirt libvirt, string name, Guid uuid)
    {
        _libvirt = libvirt;
        Name = name;
        Uuid = uuid;
    }

    /// <summary>Gets or sets whether the guest releases a device that is to be unplugged. The default is true.</summary>
    public bool AnswersUnplug { get; set; } = true;

    /// <summary>
    /// Gets or sets the agent in the guest: it gets a command and the time-out in seconds, and returns the answer, both as JSON. The default is null: the
    /// domain has no agent. Plans ask it only if the running domain's XML has the channel of an agent.
    /// </summary>
    public Func<string, int, string>? GuestAgent { get; set; }

    /// <summary>
    /// Gets or sets the XML of its managed save image, from which it continues at its next start, with the devices in that XML. The default is null: it has
    /// no image.
    /// </summary>
    public string? ManagedSave { get; set; }

    /// <inheritdoc/>
    public ILibvirtConnection Connection => _libvirt;

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public Guid Uuid { get; }

    /// <inheritdoc/>
    public DomainState GetState() => IsActive() ? DomainState.Running : DomainState.Shutoff;

    /// <inheritdoc/>
    public bool IsActive()
    {
        lock (_libvirt.Gate)
        {
            return _live is not null;
        }
    }

    /// <inheritdoc/>
    public bool IsPersistent()
    {
        lock (_libvirt.Gate)
        {
            return _definition is not null;
        }
    }

    /// <inheritdoc/>
    public bool HasManagedSaveImage() => ManagedSave is not null;

    /// <inheritdoc/>
    public string GetXml(DomainXmlOptions options = DomainXmlOptions.None)
    {
        lock (_libvirt.Gate)
        {
            return (options.HasFlag(DomainXmlOptions.Inactive) ? _definition ?? _live : _live ?? _definition) ?? throw Gone();
        }
    }

    /// <inheritdoc/>
    public ValueList<string>? GetMessages() => null;

    /// <inheritdoc/>
    public void Start(DomainStartOptions options = DomainStartOptions.None)
    {
        _libvirt.Call("virDomainCreateWithFlags");
        lock (_libvirt.Gate)
        {
            if (_live is not null)
            {
                throw FakeLibvirt.Error(LibvirtErrorCode.OperationInvalid, "Requested operation is not valid: domain is already running");
            }

            var definition = _definition ?? throw Gone();
            definition = options.HasFlag(DomainStartOptions.ForceBoot) ? definition : ManagedSave ?? definition;
            var devices = FakeDomainXml.DevicesOf(definition).Where(device => FakeDomainXml.FunctionOf(device) is not null).ToList();
            TakeAll(devices);
            (_live, ManagedSave) = (FakeDomainXml.AddAliases(definition), null);
        }

        // In this order: the processors run before libvirt has finished the start.
        _libvirt.Report(new LibvirtDomainLifecycleEvent(Name, Uuid, DomainLifecycle.Resumed, 0));
        _libvirt.Report(new LibvirtDomainLifecycleEvent(Name, Uuid, DomainLifecycle.Started, 0));
    }

    /// <inheritdoc/>
    public void Destroy(bool graceful = false)
    {
        _libvirt.Call("virDomainDestroyFlags");
        End(shutdown: 2, stopped: 1); // VIR_DOMAIN_EVENT_SHUTDOWN_HOST, VIR_DOMAIN_EVENT_STOPPED_DESTROYED
    }

    /// <inheritdoc/>
    public void Shutdown()
    {
        _libvirt.Call("virDomainShutdownFlags");
        End(shutdown: 1, stopped: 0); // VIR_DOMAIN_EVENT_SHUTDOWN_GUEST, VIR_DOMAIN_EVENT_STOPPED_SHUTDOWN
    }

    /// <inheritdoc/>
    public void Undefine(DomainUndefineOptions options = DomainUndefineOptions.None)
    {
        _libvirt.Call("virDomainUndefineFlags");
        lock (_libvirt.Gate)
        {
            if (ManagedSave is not null && !options.HasFlag(DomainUndefineOptions.ManagedSave))
            {
                throw FakeLibvirt.Error(LibvirtErrorCode.OperationInvalid, "Requested operation is not valid: Refusing to undefine while domain managed save image exists");
            }

            if (_definition is null)
            {
                throw _live is null ? Gone() : FakeLibvirt.Error(LibvirtErrorCode.OperationInvalid, "Requested operation is not valid: cannot undefine transient domain");
            }

            ManagedSave = null;
            _definition = null;
            if (_live is null)
            {
                _libvirt.Forget(this);
            }
        }

        _libvirt.Report(new LibvirtDomainLifecycleEvent(Name, Uuid, DomainLifecycle.Undefined, 0));
    }

    /// <inheritdoc/>
    public void SetMetadata(string namespaceUri, string prefix, string? element, DeviceAffect affect)
    {
        ArgumentException.ThrowIfNullOrEmpty(namespaceUri);
        ArgumentException.ThrowIfNullOrEmpty(prefix);
        _libvirt.Call("virDomainSetMetadata");
        lock (_libvirt.Gate)
        {
            var (live, config) = Wanted(affect);
            _live = live ? FakeDomainXml.SetMetadata(_live!, namespaceUri, prefix, element) : _live;
            _definition = config ? FakeDomainXml.SetMetadata(_definition!, namespaceUri, prefix, element) : _definition;
        }
    }

    /// <inheritdoc/>
    public void AttachDevice(string xml, DeviceAffect affect)
    {
        ArgumentException.ThrowIfNullOrEmpty(xml);
        _libvirt.Call("virDomainAttachDeviceFlags");
        var device = XElement.Parse(xml);
        string? added = null;
        lock (_libvirt.Gate)
        {
            var (live, config) = Wanted(affect);
            if (config && FakeDomainXml.DevicesOf(_definition!).Any(IsSame(device)))
            {
                throw FakeLibvirt.Error(LibvirtErrorCode.OperationInvalid, "Requested operation is not valid: target pci device is already in the domain configuration");
            }

            if (live)
            {
                var placed = FakeDomainXml.Add(_live!, xml, FakeDomainXml.NextAlias(_live!), Place(device, isHotPlug: true));
                TakeAll([device]);
                _live = placed;
                added = AliasOf(FakeDomainXml.DevicesOf(_live).Last());
            }

            if (config)
            {
                _definition = FakeDomainXml.Add(_definition!, xml, alias: null, Place(device, isHotPlug: false));
            }
        }

        if (added is not null)
        {
            _libvirt.Report(new LibvirtDeviceEvent(Name, Uuid, DeviceChange.Added, added));
        }
    }

    /// <inheritdoc/>
    public void DetachDevice(string xml, DeviceAffect affect)
    {
        ArgumentException.ThrowIfNullOrEmpty(xml);
        _libvirt.Call("virDomainDetachDeviceFlags");
        Detach(IsSame(XElement.Parse(xml)), affect, FakeLibvirt.Error(LibvirtErrorCode.DeviceMissing, "device not found: host device is not part of the domain"));
    }

    /// <inheritdoc/>
    public void DetachDeviceAlias(string alias, DeviceAffect affect)
    {
        ArgumentException.ThrowIfNullOrEmpty(alias);
        _libvirt.Call("virDomainDetachDeviceAlias");
        Detach(device => AliasOf(device) == alias, affect, FakeLibvirt.Error(LibvirtErrorCode.InternalError, $"internal error: no device found with alias {alias}"));
    }

    /// <inheritdoc/>
    public void UpdateDevice(string xml, DeviceAffect affect)
    {
        _libvirt.Call("virDomainUpdateDeviceFlags");
        throw FakeLibvirt.Error(LibvirtErrorCode.OperationUnsupported, "Operation not supported: a fake domain changes no device in place");
    }

    /// <inheritdoc/>
    public string QemuAgentCommand(string command, int timeoutSeconds)
    {
        ArgumentException.ThrowIfNullOrEmpty(command);
        ArgumentOutOfRangeException.ThrowIfLessThan(timeoutSeconds, 1);
        _libvirt.Call("virDomainQemuAgentCommand");
        if (!IsActive())
        {
            throw FakeLibvirt.Error(LibvirtErrorCode.OperationInvalid, "Requested operation is not valid: domain is not running");
        }

        var agent = GuestAgent ?? throw FakeLibvirt.Error(LibvirtErrorCode.ArgumentUnsupported, "argument unsupported: QEMU guest agent is not configured");
        return agent(command, timeoutSeconds);
    }

    /// <inheritdoc/>
    public override string ToString() => Name;

    /// <summary>Does nothing: a reference is given back, the domain lives on.</summary>
    public void Dispose()
    {
    }

    internal bool Has(PciAddress device)
    {
        lock (_libvirt.Gate)
        {
            return _live is not null && FakeDomainXml.DevicesOf(_live).Any(IsOf(device));
        }
    }

    internal void SetDefinition(string xml)
    {
        lock (_libvirt.Gate)
        {
            _definition = FakeDomainXml.DevicesOf(xml).Where(device => device.Element("address") is null && FakeDomainXml.FunctionOf(device) is not null)
                .Aggregate(xml, (definition, device) => FakeDomainXml.SetPlace(definition, IsOf(FakeDomainXml.FunctionOf(device)), Place(device, isHotPlug: false)));
        }
    }

    private static Func<XElement, bool> IsOf(PciAddress? function) => device => function is not null && FakeDomainXml.FunctionOf(device) == function;

    // libvirt finds a host device by its function, and a controller by its type and index.
    private static Func<XElement, bool> IsSame(XElement device) => device.Name.LocalName == "controller"
        ? other => other.Name.LocalName == "controller" && Named(other, "type") == Named(device, "type") && Named(other, "index") == Named(device, "index")
        : IsOf(FakeDomainXml.FunctionOf(device));

    private static string? Named(XElement device, string attribute) => (string?)device.Attribute(attribute);

    private static string? AliasOf(XElement device) => (string?)device.Element("alias")?.Attribute("name");

    // libvirt finds a place for a PCI Express function on a port of its own, and for a conventional one on a bridge.
    private FakePlace? Place(XElement device, bool isHotPlug) =>
        FakeDomainXml.FunctionOf(device) is { } function ? new(IsExpress: _libvirt.Host.IsExpress(function), isHotPlug) : null;

    private LibvirtException Gone() => FakeLibvirt.Error(LibvirtErrorCode.NoDomain, $"Domain not found: no domain with matching name '{Name}'");

    private (bool Live, bool Config) Wanted(DeviceAffect affect)
    {
        var (live, config) = affect == 0 ? (_live is not null, _live is null) : (affect.HasFlag(DeviceAffect.Live), affect.HasFlag(DeviceAffect.Config));
        return (live && _live is null) || (config && _definition is null)
            ? throw FakeLibvirt.Error(LibvirtErrorCode.OperationInvalid, live ? "Requested operation is not valid: domain is not running" : "Requested operation is not valid: transient domains do not have any persistent config")
            : (live, config);
    }

    // All or none: where one cannot be taken, or QEMU cannot open its group, those before it go back.
    private void TakeAll(List<XElement> devices)
    {
        var before = _taken.ToHashSet();
        try
        {
            devices.ForEach(Take);
            var functions = devices.Select(FakeDomainXml.FunctionOf).OfType<PciAddress>().ToList();
            foreach (var function in functions)
            {
                if (_libvirt.Host.ObstacleToGroupOf(function) is { } obstacle)
                {
                    throw FakeLibvirt.Error(LibvirtErrorCode.InternalError, $"internal error: qemu unexpectedly closed the monitor: vfio {function}: {obstacle}");
                }
            }

            functions.ForEach(function => _libvirt.Host.SetEnabled(function, true));
        }
        catch
        {
            foreach (var device in _taken.Except(before).ToList())
            {
                _taken.Remove(device);
                _libvirt.Host.GiveBack(device);
            }

            throw;
        }
    }

    // As libvirt does: a managed device is taken from its driver, one that is not must be on a driver for guests already.
    private void Take(XElement device)
    {
        if (FakeDomainXml.FunctionOf(device) is not { } function)
        {
            return;
        }

        if (_libvirt.OwnerOf(function) is { } owner)
        {
            throw FakeLibvirt.Error(LibvirtErrorCode.OperationInvalid, $"Requested operation is not valid: PCI device {function} is in use by driver QEMU, domain {owner.Name}");
        }

        if (!_libvirt.Host.Has(function))
        {
            throw FakeLibvirt.Error(LibvirtErrorCode.SystemError, $"Device {function} not found: could not access /sys/bus/pci/devices/{function}/config: No such file or directory");
        }

        if (_libvirt.Host.IsBridge(function))
        {
            throw FakeLibvirt.Error(LibvirtErrorCode.InternalError, "internal error: Non-endpoint PCI devices cannot be assigned to guests");
        }

        if (_libvirt.Host.DriverOf(function) == "vfio-pci")
        {
            return;
        }

        if ((string?)device.Attribute("managed") != "yes")
        {
            throw FakeLibvirt.Error(LibvirtErrorCode.OperationInvalid, $"Requested operation is not valid: PCI device {function} must be manually detached from the host");
        }

        _libvirt.Host.TakeForGuest(function);
        _taken.Add(function);
    }

    private void Detach(Func<XElement, bool> fits, DeviceAffect affect, LibvirtException missing)
    {
        XElement? unplugged = null;
        lock (_libvirt.Gate)
        {
            var (live, config) = Wanted(affect);
            if ((live && !FakeDomainXml.DevicesOf(_live!).Any(fits)) || (config && !FakeDomainXml.DevicesOf(_definition!).Any(fits)))
            {
                throw missing;
            }

            if (config)
            {
                _definition = FakeDomainXml.Remove(_definition!, fits);
            }

            if (live && AnswersUnplug)
            {
                unplugged = FakeDomainXml.DevicesOf(_live!).First(fits);
                _live = FakeDomainXml.Remove(_live!, fits);
                GiveBack(unplugged);
            }
        }

        if (unplugged is not null && AliasOf(unplugged) is { } alias)
        {
            _libvirt.Report(new LibvirtDeviceEvent(Name, Uuid, DeviceChange.Removed, alias));
        }
    }

    private void GiveBack(XElement device)
    {
        if (FakeDomainXml.FunctionOf(device) is not { } function)
        {
            return;
        }

        if (_taken.Remove(function))
        {
            _libvirt.Host.GiveBack(function);
        }
        else if (_libvirt.Host.Has(function)) // a virtual function can be gone meanwhile
        {
            _libvirt.Host.SetEnabled(function, false); // bound to VFIO still, but closed
        }
    }

    private void End(int shutdown, int stopped)
    {
        lock (_libvirt.Gate)
        {
            if (_live is null)
            {
                throw FakeLibvirt.Error(LibvirtErrorCode.OperationInvalid, "Requested operation is not valid: domain is not running");
            }

            var devices = FakeDomainXml.DevicesOf(_live).ToList();
            _live = null;
            devices.ForEach(GiveBack);
            if (_definition is null)
            {
                _libvirt.Forget(this);
            }
        }

        _libvirt.Report(new LibvirtDomainLifecycleEvent(Name, Uuid, DomainLifecycle.Shutdown, shutdown));
        _libvirt.Report(new LibvirtDomainLifecycleEvent(Name, Uuid, DomainLifecycle.Stopped, stopped));
    }
}
