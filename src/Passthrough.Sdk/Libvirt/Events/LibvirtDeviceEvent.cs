namespace Passthrough.Sdk.Libvirt;

/// <summary>A device was added to a running domain, was removed from it, or could not be removed.</summary>
/// <param name="DomainName">The domain's name.</param>
/// <param name="DomainUuid">The domain's UUID.</param>
/// <param name="Change">The change.</param>
/// <param name="Alias">The device's alias in the live XML, <c>hostdev0</c> or a user alias such as <c>ua-nic</c>.</param>
/// <remarks>Thread safety: immutable.</remarks>
public sealed record LibvirtDeviceEvent(string DomainName, Guid DomainUuid, DeviceChange Change, string Alias)
    : LibvirtDomainEvent(DomainName, DomainUuid);
