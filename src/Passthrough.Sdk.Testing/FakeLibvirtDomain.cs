using System.Globalization;
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
    private int _aliases;

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
            (_live, ManagedSave) = (definition, null);
            foreach (var device in devices)
            {
                _live = FakeDomainXml.Add(FakeDomainXml.Remove(_live, IsOf(FakeDomainXml.FunctionOf(device))), device.ToString(), NextAlias());
            }
        }

        _libvirt.Report(new LibvirtDomainLifecycleEvent(Name, Uuid, DomainLifecycle.Started, 0));
    }

    /// <inheritdoc/>
    public void Destroy(bool graceful = false)
    {
        _libvirt.Call("virDomainDestroyFlags");
        End();
    }

    /// <inheritdoc/>
    public void Shutdown()
    {
        _libvirt.Call("virDomainShutdownFlags");
        End();
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

            ManagedSave = null;
            _definition = null;
            if (_live is null)
            {
                _libvirt.Forget(this);
            }
        }
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
        lock (_libvirt.Gate)
        {
            var (live, config) = Wanted(affect);
            if (config && FakeDomainXml.DevicesOf(_definition!).Any(IsSame(device)))
            {
                throw FakeLibvirt.Error(LibvirtErrorCode.OperationInvalid, "Requested operation is not valid: target pci device is already in the domain configuration");
            }

            if (live)
            {
                Take(device);
                _live = FakeDomainXml.Add(_live!, xml, NextAlias());
            }

            if (config)
            {
                _definition = FakeDomainXml.Add(_definition!, xml, alias: null);
            }
        }
    }

    /// <inheritdoc/>
    public void DetachDevice(string xml, DeviceAffect affect)
    {
        ArgumentException.ThrowIfNullOrEmpty(xml);
        _libvirt.Call("virDomainDetachDeviceFlags");
        Detach(IsSame(XElement.Parse(xml)), affect);
    }

    /// <inheritdoc/>
    public void DetachDeviceAlias(string alias, DeviceAffect affect)
    {
        ArgumentException.ThrowIfNullOrEmpty(alias);
        _libvirt.Call("virDomainDetachDeviceAlias");
        Detach(device => AliasOf(device) == alias, affect);
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
            _definition = xml;
        }
    }

    private static Func<XElement, bool> IsOf(PciAddress? function) => device => function is not null && FakeDomainXml.FunctionOf(device) == function;

    // libvirt finds a host device by its function, and a controller by its type and index.
    private static Func<XElement, bool> IsSame(XElement device) => device.Name.LocalName == "controller"
        ? other => other.Name.LocalName == "controller" && Named(other, "type") == Named(device, "type") && Named(other, "index") == Named(device, "index")
        : IsOf(FakeDomainXml.FunctionOf(device));

    private static string? Named(XElement device, string attribute) => (string?)device.Attribute(attribute);

    private static string? AliasOf(XElement device) => (string?)device.Element("alias")?.Attribute("name");

    private string NextAlias() => string.Create(CultureInfo.InvariantCulture, $"hostdev{_aliases++}");

    private LibvirtException Gone() => FakeLibvirt.Error(LibvirtErrorCode.NoDomain, $"Domain not found: no domain with matching name '{Name}'");

    private (bool Live, bool Config) Wanted(DeviceAffect affect)
    {
        var (live, config) = affect == 0 ? (_live is not null, _live is null) : (affect.HasFlag(DeviceAffect.Live), affect.HasFlag(DeviceAffect.Config));
        return (live && _live is null) || (config && _definition is null)
            ? throw FakeLibvirt.Error(LibvirtErrorCode.OperationInvalid, live ? "Requested operation is not valid: domain is not running" : "Requested operation is not valid: transient domains do not have any persistent config")
            : (live, config);
    }

    // All or none: where one cannot be taken, those before it go back.
    private void TakeAll(List<XElement> devices)
    {
        var before = _taken.ToHashSet();
        try
        {
            devices.ForEach(Take);
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
            throw FakeLibvirt.Error(LibvirtErrorCode.InternalError, $"Device {function} not found: could not access /sys/bus/pci/devices/{function}/config: No such file or directory");
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

    private void Detach(Func<XElement, bool> fits, DeviceAffect affect)
    {
        XElement? unplugged = null;
        lock (_libvirt.Gate)
        {
            var (live, config) = Wanted(affect);
            if ((live && !FakeDomainXml.DevicesOf(_live!).Any(fits)) || (config && !FakeDomainXml.DevicesOf(_definition!).Any(fits)))
            {
                throw FakeLibvirt.Error(LibvirtErrorCode.DeviceMissing, "device not found: host device is not part of the domain");
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
        if (FakeDomainXml.FunctionOf(device) is { } function && _taken.Remove(function))
        {
            _libvirt.Host.GiveBack(function);
        }
    }

    private void End()
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

        _libvirt.Report(new LibvirtDomainLifecycleEvent(Name, Uuid, DomainLifecycle.Stopped, 0));
    }
}
