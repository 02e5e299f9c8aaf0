using Passthrough.Sdk.Libvirt.Native;

namespace Passthrough.Sdk.Libvirt;

/// <content>Events.</content>
public sealed partial class LibvirtConnection : IConnectionOwner
{
    private readonly EventHub<LibvirtDomainEvent> _domainEvents;
    private readonly EventHub<LibvirtNodeDeviceEvent> _nodeDeviceEvents;

    /// <inheritdoc/>
    public LibvirtSubscription<LibvirtDomainEvent> SubscribeDomainEvents() => _domainEvents.Subscribe();

    /// <inheritdoc/>
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
        _lost?.Invoke(error);
    }
}
