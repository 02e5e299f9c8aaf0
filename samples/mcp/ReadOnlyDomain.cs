using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Libvirt;

namespace Passthrough.Mcp;

/// <summary>
/// A domain that can only be described. A plan reads the definition with its secrets, to be able to restore it; this server makes plans only to show them, so it
/// reads without secrets, which a read-only connection would refuse, and no assistant sees a password.
/// </summary>
/// <param name="inner">The domain, of which this object disposes.</param>
internal sealed class ReadOnlyDomain(ILibvirtDomain inner) : ILibvirtDomain
{
    public ILibvirtConnection Connection => inner.Connection;

    public string Name => inner.Name;

    public Guid Uuid => inner.Uuid;

    public DomainState GetState() => inner.GetState();

    public bool IsActive() => inner.IsActive();

    public bool IsPersistent() => inner.IsPersistent();

    public bool HasManagedSaveImage() => inner.HasManagedSaveImage();

    public string GetXml(DomainXmlOptions options = DomainXmlOptions.None) => inner.GetXml(options & ~DomainXmlOptions.Secure);

    public ValueList<string>? GetMessages() => inner.GetMessages();

    public void Start(DomainStartOptions options = DomainStartOptions.None) => throw Refused();

    public void Destroy(bool graceful = false) => throw Refused();

    public void Shutdown() => throw Refused();

    public void Undefine(DomainUndefineOptions options = DomainUndefineOptions.None) => throw Refused();

    public void SetMetadata(string namespaceUri, string prefix, string? element, DeviceAffect affect) => throw Refused();

    public void AttachDevice(string xml, DeviceAffect affect) => throw Refused();

    public void DetachDevice(string xml, DeviceAffect affect) => throw Refused();

    public void DetachDeviceAlias(string alias, DeviceAffect affect) => throw Refused();

    public void UpdateDevice(string xml, DeviceAffect affect) => throw Refused();

    public string QemuAgentCommand(string command, int timeoutSeconds) => throw Refused();

    public void Dispose() => inner.Dispose();

    private InvalidOperationException Refused() => new($"{Name} is only read here; apply the plan with 'passthrough assign'");
}
