namespace Passthrough.Sdk.Libvirt;

/// <summary>A device came to a running domain, left it, or would not.</summary>
/// <param name="DomainName">The domain's name.</param>
/// <param name="DomainUuid">The domain's UUID.</param>
/// <param name="Change">What happened.</param>
/// <param name="Alias">The device's alias in the live XML, <c>hostdev0</c> or the user's own <c>ua-nic</c>.</param>
/// <remarks>Thread safety: immutable.</remarks>
public sealed record LibvirtDeviceEvent(string DomainName, Guid DomainUuid, DeviceChange Change, string Alias)
    : LibvirtDomainEvent(DomainName, DomainUuid);
