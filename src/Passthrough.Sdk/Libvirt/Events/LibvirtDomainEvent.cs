namespace Passthrough.Sdk.Libvirt;

/// <summary>An event of a domain: a <see cref="LibvirtDomainLifecycleEvent"/> or a <see cref="LibvirtDeviceEvent"/>.</summary>
/// <param name="DomainName">The domain's name.</param>
/// <param name="DomainUuid">The domain's UUID.</param>
/// <remarks>Thread safety: immutable. <c>virsh event --all --loop</c>.</remarks>
public abstract record LibvirtDomainEvent(string DomainName, Guid DomainUuid);
