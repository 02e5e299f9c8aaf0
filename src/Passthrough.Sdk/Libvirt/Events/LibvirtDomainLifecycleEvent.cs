namespace Passthrough.Sdk.Libvirt;

/// <summary>The state of a domain changed: it was defined, started, stopped and so on (<c>VIR_DOMAIN_EVENT_ID_LIFECYCLE</c>).</summary>
/// <param name="DomainName">The domain's name.</param>
/// <param name="DomainUuid">The domain's UUID.</param>
/// <param name="Change">The change.</param>
/// <param name="Detail">The reason as libvirt's number; its meaning depends on <paramref name="Change"/>.</param>
/// <remarks>Thread safety: immutable.</remarks>
public sealed record LibvirtDomainLifecycleEvent(string DomainName, Guid DomainUuid, DomainLifecycle Change, int Detail)
    : LibvirtDomainEvent(DomainName, DomainUuid);
