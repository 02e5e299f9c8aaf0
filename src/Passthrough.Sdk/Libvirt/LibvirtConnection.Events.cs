using Passthrough.Sdk.Libvirt.Native;

namespace Passthrough.Sdk.Libvirt;

/// <content>Events.</content>
public sealed partial class LibvirtConnection : IConnectionOwner
{
    private readonly EventHub<LibvirtDomainEvent> _domainEvents;
    private readonly EventHub<LibvirtNodeDeviceEvent> _nodeDeviceEvents;

    /// <summary>Subscribes to the events of all domains and their devices (<c>virsh event</c>, <c>virConnectDomainEventRegisterAny</c>).</summary>
    /// <returns>The caller's to dispose of; it is in force when this returns.</returns>
    /// <exception cref="LibvirtException">The driver has no events, or the connection is broken.</exception>
    public LibvirtSubscription<LibvirtDomainEvent> SubscribeDomainEvents() => _domainEvents.Subscribe();

    /// <summary>Subscribes to the events of the host's devices (<c>virsh nodedev-event</c>, <c>virConnectNodeDeviceEventRegisterAny</c>).</summary>
    /// <returns>The caller's to dispose of; it is in force when this returns.</returns>
    /// <exception cref="LibvirtException">The driver has no events, or the connection is broken.</exception>
    public LibvirtSubscription<LibvirtNodeDeviceEvent> SubscribeNodeDeviceEvents() => _nodeDeviceEvents.Subscribe();

    void IConnectionOwner.OnConnectionLost(int reason)
    {
        var why = reason switch
        {
            1 => "the other end closed it",
            2 => "the other end no longer answers",
            3 => "it was closed on request",
            _ => "input/output error",
        };
        var error = new LibvirtException(
            $"lost the connection to '{Uri}': {why}; connect again", LibvirtErrorCode.Rpc, LibvirtErrorDomain.Rpc, why);
        _domainEvents.Fail(error);
        _nodeDeviceEvents.Fail(error);
        _logger.Lost(Uri, why);
    }
}
